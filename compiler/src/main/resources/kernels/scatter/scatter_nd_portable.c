/* Slices put at places named by vectors of indices. */
#include <stdint.h>
#include <string.h>

#include "common/elements.h"
#include "common/function.h"
#include "common/indices.h"
#include "common/scatter.h"

typedef struct {
  const int32_t *extents; /* of the axes that a vector names an entry of */
  int32_t vector;         /* the indices of a vector */
  int32_t count;          /* vectors */
  int32_t run;            /* elements of a slice */
  int32_t index_bytes; /* of an index */
  int32_t reduction;   /* see common/scatter.h */
  int32_t type;        /* see common/integers.h; 0 for floats */
  int32_t width;       /* the bytes of an element */
  int32_t elements;    /* of the data */
  int32_t filled;      /* 1 where the data is one value, and no operand */
  int32_t fill_low;    /* its bits */
  int32_t fill_high;
} scatter_nd_params;

/* inputs: the data, unless it is one value; indices; updates. */
static THIMBLE_NOINLINE void scatter_nd(const void *params, const void *const *inputs, void *out,
                                        void *scratch) {
  const scatter_nd_params *p = (const scatter_nd_params *)params;
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
    int32_t slice = 0, inside = 1;
    for (int32_t k = 0; k < p->vector; ++k) {
      int64_t entry = thimble_index(inputs[0], p->index_bytes, i * p->vector + k);
      entry += entry < 0 ? p->extents[k] : 0;
      inside = inside && entry >= 0 && entry < p->extents[k];
      slice = inside ? slice * p->extents[k] + (int32_t)entry : 0;
    }
    if (inside) {
      thimble_scatter(&kind, out, slice * p->run, inputs[1], i * p->run, p->run);
    }
  }
}
