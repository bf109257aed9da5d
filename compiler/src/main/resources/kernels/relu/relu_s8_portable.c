/* Clamp, int8, of a row of elements whose scale and zero point do not change. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int8_t min;
  int8_t max;
} relu_s8_params;

static THIMBLE_NOINLINE void relu_s8(const void *params, const void *const *rows, int32_t x0,
                                     int32_t x1, void *out, void *scratch) {
  const relu_s8_params *p = (const relu_s8_params *)params;
  const int8_t *from = (const int8_t *)rows[0];
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    ((int8_t *)out)[x] = (int8_t)thimble_clamp(from[x], p->min, p->max);
  }
}
