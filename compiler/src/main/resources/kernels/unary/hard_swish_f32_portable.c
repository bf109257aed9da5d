/* Hard swish, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_nothing hard_swish_f32_params;

static THIMBLE_INLINE float hard_swish_f32_of(float x) {
  float shifted = x + 3.0f;
  shifted = shifted < 0.0f ? 0.0f : shifted > 6.0f ? 6.0f : shifted;
  return x * shifted / 6.0f;
}

static THIMBLE_NOINLINE void hard_swish_f32(const void *params, const void *const *rows, int32_t x0,
                                            int32_t x1, void *out, void *scratch) {
  (void)params;
  (void)scratch;
  thimble_each_f32(hard_swish_f32_of, rows, x0, x1, out);
}
