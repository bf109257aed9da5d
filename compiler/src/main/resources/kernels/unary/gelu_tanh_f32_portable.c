/* X times the normal distribution's integral, approximated by a hyperbolic tangent, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_nothing gelu_tanh_f32_params;

static THIMBLE_INLINE float gelu_tanh_f32_of(float x) {
  return 0.5f * x * (1.0f + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
}

static THIMBLE_NOINLINE void gelu_tanh_f32(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  (void)params;
  (void)scratch;
  thimble_each_f32(gelu_tanh_f32_of, rows, x0, x1, out);
}
