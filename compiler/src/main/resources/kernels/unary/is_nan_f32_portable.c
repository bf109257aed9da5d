/* Which floats of a row of elements are not a number. */
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_nothing is_nan_f32_params;

static THIMBLE_NOINLINE void is_nan_f32(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const float *from = (const float *)rows[0];
  uint8_t *to = (uint8_t *)out;
  (void)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    to[x] = from[x] != from[x];
  }
}
