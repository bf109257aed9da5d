/* Convolution, int8: output row [W][O] from KH input rows [W][C]. */
#include <stdint.h>

#include "common/conv2d_s8.h"
#include "common/function.h"

static THIMBLE_NOINLINE void conv2d_s8(const void *params, const void *const *rows, int32_t x0,
                                       int32_t x1, void *out, void *scratch) {
  const conv2d_s8_params *p = (const conv2d_s8_params *)params;
  int32_t filters = p->groups * p->group_filters;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    conv2d_s8_pixel(p, rows, x, (int8_t *)out + x * filters, 0);
  }
}
