/* Rule Q2 of docs/quantization.md: the integers of uint8 or int16 that stand for a row of floats.
 * Quotients are rounded to the nearest, ties away from zero; not-a-number becomes the zero point. */
#include <stdint.h>

#include "common/stored.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  float scale;
  int32_t zero_point;
  uint8_t element; /* the type: common/stored.h */
} quantize_wide_f32_params;

static THIMBLE_NOINLINE void quantize_wide_f32(const void *params, const void *const *rows,
                                               int32_t x0, int32_t x1, void *out, void *scratch) {
  const quantize_wide_f32_params *p = (const quantize_wide_f32_params *)params;
  const float *from = (const float *)rows[0];
  int32_t min = p->element == THIMBLE_UINT8 ? 0 : INT16_MIN;
  int32_t max = p->element == THIMBLE_UINT8 ? UINT8_MAX : INT16_MAX;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    float quotient = from[x] / p->scale;
    int32_t stored = 0;
    if (quotient >= 131072.0f) { /* Beyond every element, whatever the zero point. */
      stored = 131072;
    } else if (quotient <= -131072.0f) {
      stored = -131072;
    } else if (quotient == quotient) {
      stored = (int32_t)quotient;
      float fraction = quotient - (float)stored;
      stored += (fraction >= 0.5f) - (fraction <= -0.5f);
    }
    thimble_store(out, x, p->element, thimble_clamp(stored + p->zero_point, min, max));
  }
}
