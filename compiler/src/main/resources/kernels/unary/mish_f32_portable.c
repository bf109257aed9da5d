/* X * tanh(log(1 + exp(x))), float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_nothing mish_f32_params;

static THIMBLE_INLINE float mish_f32_of(float x) {
  float e = expf(x > 30.0f ? 30.0f : x);
  float n = e * (e + 2.0f);
  return x * (n / (n + 2.0f));
}

static THIMBLE_NOINLINE void mish_f32(const void *params, const void *const *rows, int32_t x0,
                                      int32_t x1, void *out, void *scratch) {
  (void)params;
  (void)scratch;
  thimble_each_f32(mish_f32_of, rows, x0, x1, out);
}
