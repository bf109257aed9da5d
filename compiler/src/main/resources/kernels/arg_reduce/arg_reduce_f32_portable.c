/* The index of an axis's largest or smallest element, float: [outer][extent][inner] to
 * [outer][inner]. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t outer;
  int32_t extent;
  int32_t inner;

  int32_t smallest; /* 1 for the smallest, 0 for the largest */
  int32_t last;     /* 1 for the last of equals, 0 for the first */
  int32_t wide;     /* 1 for int64 results, 0 for int32 */
} arg_reduce_f32_params;

static THIMBLE_NOINLINE void arg_reduce_f32(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  const arg_reduce_f32_params *p = (const arg_reduce_f32_params *)params;
  (void)scratch;
  for (int32_t i = 0; i < p->outer * p->inner; ++i) {
    int32_t at = i / p->inner * p->extent * p->inner + i % p->inner;
    int32_t found = 0;
    float best = ((const float *)inputs[0])[at];
    for (int32_t k = 1; k < p->extent; ++k) {
      float next = ((const float *)inputs[0])[at + k * p->inner];
      if ((p->smallest ? next < best : next > best) || (p->last && next == best) ||
          (best != best && next == next)) {
        best = next;
        found = k;
      }
    }
    if (p->wide) {
      ((int64_t *)out)[i] = found;
    } else {
      ((int32_t *)out)[i] = found;
    }
  }
}
