/* Rule Q2 of docs/quantization.md: the int8 elements that stand for a row of floats. Quotients are
 * rounded to the nearest, ties away from zero; not-a-number becomes the zero point. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  float scale;
  int8_t zero_point;
} quantize_f32_params;

static THIMBLE_NOINLINE void quantize_f32(const void *params, const void *const *rows, int32_t x0,
                                          int32_t x1, void *out, void *scratch) {
  const quantize_f32_params *p = (const quantize_f32_params *)params;
  const float *from = (const float *)rows[0];
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    float quotient = from[x] / p->scale;
    int32_t stored = 0;
    if (quotient >= 512.0f) { /* Beyond every int8, whatever the zero point. */
      stored = 512;
    } else if (quotient <= -512.0f) {
      stored = -512;
    } else if (quotient == quotient) {
      stored = (int32_t)quotient;
      float fraction = quotient - (float)stored;
      stored += (fraction >= 0.5f) - (fraction <= -0.5f);
    }
    ((int8_t *)out)[x] = (int8_t)thimble_clamp(stored + p->zero_point, INT8_MIN, INT8_MAX);
  }
}
