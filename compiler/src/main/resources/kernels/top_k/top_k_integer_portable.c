/* The largest or smallest elements of an axis in order, integers of any type, as values or as indices:
 * [outer][extent][inner] to [outer][count][inner]. Each is found by a pass over the axis, so that no
 * memory is needed. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"

typedef struct {
  int32_t outer;
  int32_t extent;
  int32_t inner;
  int32_t type; /* see common/integers.h */
  int32_t count;
  int32_t smallest; /* 1 for the smallest, 0 for the largest */
  int32_t values;   /* 1 for values, 0 for indices */
  int32_t wide;     /* 1 for int64 indices, 0 for int32 */
} top_k_integer_params;

/* Whether entry a comes before entry b. */
static THIMBLE_INLINE int32_t top_k_integer_before(int32_t smallest, int64_t a, int32_t at_a, int64_t b,
                                            int32_t at_b) {
  return a == b ? at_a < at_b : smallest ? a < b : a > b;
}

static THIMBLE_NOINLINE void top_k_integer(const void *params, const void *const *inputs, void *out,
                                       void *scratch) {
  const top_k_integer_params *p = (const top_k_integer_params *)params;
  (void)scratch;
  for (int32_t line = 0; line < p->outer * p->inner; ++line) {
    int32_t outer = line / p->inner, i = line - outer * p->inner;
    int32_t from = outer * p->extent * p->inner + i;
    int32_t last = -1;
    int64_t before = 0;
    for (int32_t k = 0; k < p->count; ++k) {
      int32_t to = (outer * p->count + k) * p->inner + i;
      int32_t found = -1;
      int64_t best = 0;
      for (int32_t e = 0; e < p->extent; ++e) {
        int64_t next = thimble_integer(inputs[0], p->type, from + e * p->inner);
        if ((last < 0 || top_k_integer_before(p->smallest, before, last, next, e)) &&
            (found < 0 || top_k_integer_before(p->smallest, next, e, best, found))) {
          best = next;
          found = e;
        }
      }
      last = found;
      before = best;
      if (p->values) {
        thimble_put_integer(out, p->type, to, best);
      } else if (p->wide) {
        ((int64_t *)out)[to] = found;
      } else {
        ((int32_t *)out)[to] = found;
      }
    }
  }
}
