/* Elements at indices along one axis. */
#include <stdint.h>
#include <string.h>

#include "common/elements.h"
#include "common/function.h"
#include "common/indices.h"
#include "common/walk.h"

typedef struct {
  const int32_t *walk; /* over the data as indices follow each other, but along their own axis */
  int32_t walk_axes;
  int32_t count;       /* indices */
  int32_t stride;      /* elements from one entry of the axis to the next */
  int32_t extent;      /* of the axis */
  int32_t width;       /* the bytes of an element */
  int32_t index_bytes; /* of an index */
} gather_elements_params;

static THIMBLE_NOINLINE void gather_elements(const void *params, const void *const *inputs,
                                             void *out, void *scratch) {
  const gather_elements_params *p = (const gather_elements_params *)params;
  (void)scratch;
  for (int32_t i = 0; i < p->count; ++i) {
    int32_t entry = thimble_entry(thimble_index(inputs[1], p->index_bytes, i), p->extent);
    int32_t from = thimble_walk(p->walk, p->walk_axes, i) + entry * p->stride;
    thimble_copy_element((uint8_t *)out + i * p->width,
                         (const uint8_t *)inputs[0] + from * p->width, p->width);
  }
}
