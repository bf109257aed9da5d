/* Beta times x, or beta times alpha * (exp(x) - 1) below 0, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_numbers selu_f32_params;

static THIMBLE_INLINE float selu_f32_of(float x, float alpha, float beta) {
  return beta * (x > 0.0f ? x : alpha * expm1f(x));
}

static THIMBLE_NOINLINE void selu_f32(const void *params, const void *const *rows, int32_t x0,
                                      int32_t x1, void *out, void *scratch) {
  (void)scratch;
  thimble_each_shaped_f32(selu_f32_of, params, rows, x0, x1, out);
}
