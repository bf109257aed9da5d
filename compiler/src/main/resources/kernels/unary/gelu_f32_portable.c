/* X times the normal distribution's integral, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_nothing gelu_f32_params;

static THIMBLE_INLINE float gelu_f32_of(float x) {
  return 0.5f * x * erfcf(-x * 0.70710678f);
}

static THIMBLE_NOINLINE void gelu_f32(const void *params, const void *const *rows, int32_t x0,
                                      int32_t x1, void *out, void *scratch) {
  (void)params;
  (void)scratch;
  thimble_each_f32(gelu_f32_of, rows, x0, x1, out);
}
