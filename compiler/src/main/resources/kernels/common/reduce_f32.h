/* Reductions of floats. */
#ifndef THIMBLE_REDUCE_F32_H
#define THIMBLE_REDUCE_F32_H

#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/reduce.h"

typedef struct {
  const int32_t *kept;    /* the axes kept: extent and stride, in elements, of each */
  const int32_t *reduced; /* the axes reduced, likewise */
  int32_t kept_axes;
  int32_t reduced_axes;
} thimble_reduce_axes;

static THIMBLE_INLINE float thimble_reduce_next(int32_t function, float so, float element) {
  switch (function) {
    case THIMBLE_REDUCE_MAX:
      return element > so || element != element ? element : so;
    case THIMBLE_REDUCE_MIN:
      return element < so || element != element ? element : so;
    case THIMBLE_REDUCE_PROD:
      return so * element;
    case THIMBLE_REDUCE_L1:
      return so + (element < 0.0f ? -element : element);
    case THIMBLE_REDUCE_SQUARES:
      return so + element * element;
    default:
      return so + element;
  }
}

static THIMBLE_INLINE float thimble_reduce_start(int32_t function) {
  return function == THIMBLE_REDUCE_MAX    ? -INFINITY
         : function == THIMBLE_REDUCE_MIN  ? INFINITY
         : function == THIMBLE_REDUCE_PROD ? 1.0f
                                           : 0.0f;
}

/* What the elements that begin at `from` are reduced to. */
static THIMBLE_INLINE float thimble_reduce_elements(const thimble_reduce_axes *p, int32_t function,
                                                    const float *from) {
  int32_t count = thimble_walk_count(p->reduced, p->reduced_axes);
  int32_t inner = p->reduced[2 * p->reduced_axes - 2];
  int32_t stride = p->reduced[2 * p->reduced_axes - 1];
  float so = thimble_reduce_start(function);
  for (int32_t i = 0; i < count; i += inner) {
    const float *line = from + thimble_walk(p->reduced, p->reduced_axes, i);
    for (int32_t k = 0; k < inner; ++k) {
      so = thimble_reduce_next(function, so, line[k * stride]);
    }
  }
  return so;
}

#endif
