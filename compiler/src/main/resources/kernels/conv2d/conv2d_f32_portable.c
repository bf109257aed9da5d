/* Convolution, float: output row [W][O] from KH input rows [W][C]. Products are summed by
 * taps, a tap's in blocks; then the bias is added and the sum clamped. */
#include <math.h>
#include <stdint.h>

#include "common/conv2d_f32.h"
#include "common/function.h"

static THIMBLE_NOINLINE void conv2d_f32(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const conv2d_f32_params *p = (const conv2d_f32_params *)params;
  int32_t filters = p->groups * p->group_filters;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    conv2d_f32_pixel(p, rows, x, (float *)out + x * filters, 0);
  }
}
