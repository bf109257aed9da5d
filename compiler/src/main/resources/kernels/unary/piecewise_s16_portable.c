/* Two straight pieces that meet at 0, int16, of a row of elements: a clamp, a magnitude, a leaky
 * relu. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t positive_multiplier;
  int32_t negative_multiplier;
  int32_t min; /* the bounds of the activation, less the output's zero point */
  int32_t max;
  int16_t input_zero_point;
  int16_t output_zero_point;
  int8_t positive_shift; /* both shifts are at most 14, so that a shifted element fits an int32 */
  int8_t negative_shift;
  uint8_t mirrored; /* 1 where elements below the zero point are negated before they are scaled */
  uint8_t negated;  /* 1 where they are negated afterwards */
} piecewise_s16_params;

/* Rules Q11, Q29 and Q30 of docs/quantization.md. */
static THIMBLE_INLINE int32_t piecewise_s16_of(const piecewise_s16_params *p, int32_t value) {
  value -= p->input_zero_point;
  if (value >= 0) {
    value = thimble_requantize(value, p->positive_multiplier, p->positive_shift);
  } else {
    value = thimble_requantize(p->mirrored ? -value : value, p->negative_multiplier,
                               p->negative_shift);
    value = p->negated ? -value : value;
  }
  return thimble_clamp(value, p->min, p->max) + p->output_zero_point;
}

static THIMBLE_NOINLINE void piecewise_s16(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  const piecewise_s16_params *p = (const piecewise_s16_params *)params;
  const int16_t *from = (const int16_t *)rows[0];
  int16_t *to = (int16_t *)out;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    to[x] = (int16_t)piecewise_s16_of(p, from[x]);
  }
}
