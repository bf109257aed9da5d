/* Convolution, int8 with a filter of 4, 2 or 1 bits: output row [W][O] from KH input rows [W][C]. */
#include <stdint.h>

#include "common/conv2d_packed_s8.h"
#include "common/function.h"

static THIMBLE_NOINLINE void conv2d_packed_s8(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  const conv2d_packed_s8_params *p = (const conv2d_packed_s8_params *)params;
  int32_t filters = p->convolution.groups * p->convolution.group_filters;
  int32_t pixels;
  for (int32_t x = x0; x < x1; x += pixels) {
    pixels = x1 - x < PACKED_PIXELS ? x1 - x : PACKED_PIXELS;
    conv2d_packed_s8_pixels(p, rows, x, pixels, (int8_t *)out + x * filters, (int8_t *)scratch);
  }
}
