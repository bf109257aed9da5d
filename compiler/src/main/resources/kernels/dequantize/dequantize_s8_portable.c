/* The floats that a row of int8 elements stands for. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  float scale;
  int8_t zero_point;
} dequantize_s8_params;

static THIMBLE_NOINLINE void dequantize_s8(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  const dequantize_s8_params *p = (const dequantize_s8_params *)params;
  const int8_t *from = (const int8_t *)rows[0];
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    ((float *)out)[x] = p->scale * (float)(from[x] - p->zero_point);
  }
}
