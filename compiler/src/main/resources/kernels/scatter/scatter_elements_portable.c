/* Elements put at indices along one axis. */
#include <stdint.h>
#include <string.h>

#include "common/elements.h"
#include "common/function.h"
#include "common/indices.h"
#include "common/scatter.h"
#include "common/walk.h"

typedef struct {
  const int32_t *walk; /* over the data as indices follow each other, but along their own axis */
  int32_t walk_axes;
  int32_t stride;      /* elements from one entry of the axis to the next */
  int32_t extent;      /* of the axis */
  int32_t count;       /* indices */
  int32_t index_bytes; /* of an index */
  int32_t reduction;   /* see common/scatter.h */
  int32_t type;        /* see common/integers.h; 0 for floats */
  int32_t width;       /* the bytes of an element */
  int32_t elements;    /* of the data */
  int32_t filled;      /* 1 where the data is one value, and no operand */
  int32_t fill_low;    /* its bits */
  int32_t fill_high;
} scatter_elements_params;

/* inputs: the data, unless it is one value; indices; updates. */
static THIMBLE_NOINLINE void scatter_elements(const void *params, const void *const *inputs,
                                              void *out, void *scratch) {
  const scatter_elements_params *p = (const scatter_elements_params *)params;
  thimble_scatter_kind kind;
  (void)scratch;
  kind.reduction = p->reduction;
  kind.type = p->type;
  kind.width = p->width;
  if (p->filled) {
    thimble_fill_elements(out, p->elements, p->width, p->fill_low, p->fill_high);
  } else {
    memmove(out, *inputs++, (uint32_t)(p->elements * p->width));
  }
  for (int32_t i = 0; i < p->count; ++i) {
    int64_t entry = thimble_index(inputs[0], p->index_bytes, i);
    entry += entry < 0 ? p->extent : 0;
    if (entry >= 0 && entry < p->extent) {
      int32_t at = thimble_walk(p->walk, p->walk_axes, i) + (int32_t)entry * p->stride;
      thimble_scatter(&kind, out, at, inputs[1], i, 1);
    }
  }
}
