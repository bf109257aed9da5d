/* Which floats of a row of elements are infinite, of the signs that alpha and beta ask for. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_numbers is_inf_f32_params;

static THIMBLE_NOINLINE void is_inf_f32(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const is_inf_f32_params *p = (const is_inf_f32_params *)params;
  const float *from = (const float *)rows[0];
  uint8_t *to = (uint8_t *)out;
  uint8_t negative = p->alpha > 0.0f;
  uint8_t positive = p->beta > 0.0f;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    float value = from[x];
    to[x] = value > 3.4028235e38f ? positive : value < -3.4028235e38f ? negative : 0;
  }
}
