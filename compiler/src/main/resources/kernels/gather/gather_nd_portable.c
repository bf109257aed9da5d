/* Slices at places named by vectors of indices: data [B][extents...][run] and indices [B][I][vector]
 * to [B][I][run]. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/indices.h"

typedef struct {
  const int32_t *extents; /* of the axes that a vector names an entry of */
  int32_t vector;         /* the indices of a vector */
  int32_t batches;        /* B */
  int32_t count;          /* I */
  int32_t run;            /* bytes of a slice */
  int32_t index_bytes;    /* of an index */
} gather_nd_params;

static THIMBLE_NOINLINE void gather_nd(const void *params, const void *const *inputs, void *out,
                                       void *scratch) {
  const gather_nd_params *p = (const gather_nd_params *)params;
  uint8_t *to = (uint8_t *)out;
  int32_t at = 0;
  (void)scratch;
  for (int32_t b = 0; b < p->batches; ++b) {
    for (int32_t i = 0; i < p->count; ++i) {
      int32_t slice = b;
      for (int32_t k = 0; k < p->vector; ++k) {
        int64_t index = thimble_index(inputs[1], p->index_bytes, at++);
        slice = slice * p->extents[k] + thimble_entry(index, p->extents[k]);
      }
      memcpy(to, (const uint8_t *)inputs[0] + slice * p->run, (uint32_t)p->run);
      to += p->run;
    }
  }
}
