/* Alpha * x + beta, within 0 and 1, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_numbers hard_sigmoid_f32_params;

static THIMBLE_INLINE float hard_sigmoid_f32_of(float x, float alpha, float beta) {
  float y = alpha * x + beta;
  return y < 0.0f ? 0.0f : y > 1.0f ? 1.0f : y;
}

static THIMBLE_NOINLINE void hard_sigmoid_f32(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  (void)scratch;
  thimble_each_shaped_f32(hard_sigmoid_f32_of, params, rows, x0, x1, out);
}
