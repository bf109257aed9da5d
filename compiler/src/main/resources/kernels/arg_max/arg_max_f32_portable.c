/* The index of the largest element of each row, the first of equals, float: [rows][depth] to int32
 * [rows]. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t rows;
  int32_t depth;
} arg_max_f32_params;

static THIMBLE_NOINLINE void arg_max_f32(const void *params, const void *const *inputs, void *out,
                                         void *scratch) {
  const arg_max_f32_params *p = (const arg_max_f32_params *)params;
  const float *from = (const float *)inputs[0];
  (void)scratch;
  for (int32_t row = 0; row < p->rows; ++row) {
    int32_t best = 0;
    for (int32_t i = 1; i < p->depth; ++i) {
      best = from[i] > from[best] ? i : best;
    }
    ((int32_t *)out)[row] = best;
    from += p->depth;
  }
}
