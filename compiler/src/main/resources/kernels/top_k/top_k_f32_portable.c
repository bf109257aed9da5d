/* The largest or smallest elements of an axis in order, float, as values or as indices:
 * [outer][extent][inner] to [outer][count][inner]. Each is found by a pass over the axis, so that no
 * memory is needed. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t outer;
  int32_t extent;
  int32_t inner;
  int32_t count;
  int32_t smallest; /* 1 for the smallest, 0 for the largest */
  int32_t values;   /* 1 for values, 0 for indices */
  int32_t wide;     /* 1 for int64 indices, 0 for int32 */
} top_k_f32_params;

/* Whether entry a comes before entry b; what is not a number comes last. */
static THIMBLE_INLINE int32_t top_k_f32_before(int32_t smallest, float a, int32_t at_a, float b,
                                            int32_t at_b) {
  if (a != a || b != b) {
    return a == a || (b != b && at_a < at_b);
  }
  return a == b ? at_a < at_b : smallest ? a < b : a > b;
}

static THIMBLE_NOINLINE void top_k_f32(const void *params, const void *const *inputs, void *out,
                                       void *scratch) {
  const top_k_f32_params *p = (const top_k_f32_params *)params;
  (void)scratch;
  for (int32_t line = 0; line < p->outer * p->inner; ++line) {
    int32_t outer = line / p->inner, i = line - outer * p->inner;
    int32_t from = outer * p->extent * p->inner + i;
    int32_t last = -1;
    float before = 0;
    for (int32_t k = 0; k < p->count; ++k) {
      int32_t to = (outer * p->count + k) * p->inner + i;
      int32_t found = -1;
      float best = 0;
      for (int32_t e = 0; e < p->extent; ++e) {
        float next = ((const float *)inputs[0])[from + e * p->inner];
        if ((last < 0 || top_k_f32_before(p->smallest, before, last, next, e)) &&
            (found < 0 || top_k_f32_before(p->smallest, next, e, best, found))) {
          best = next;
          found = e;
        }
      }
      last = found;
      before = best;
      if (p->values) {
        ((float *)out)[to] = best;
      } else if (p->wide) {
        ((int64_t *)out)[to] = found;
      } else {
        ((int32_t *)out)[to] = found;
      }
    }
  }
}
