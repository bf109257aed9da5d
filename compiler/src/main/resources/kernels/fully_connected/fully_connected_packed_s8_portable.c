/* Matrix product with a filter of 4, 2 or 1 bits, int8: [rows][I] to [rows][O]. A row is a pixel of a
 * convolution of one tap, whose `input_width` is the number of rows. */
#include <stdint.h>

#include "common/conv2d_packed_s8.h"
#include "common/function.h"

typedef conv2d_packed_s8_params fully_connected_packed_s8_params;

static THIMBLE_NOINLINE void fully_connected_packed_s8(const void *params,
                                                       const void *const *inputs, void *out,
                                                       void *scratch) {
  const conv2d_packed_s8_params *p = (const conv2d_packed_s8_params *)params;
  int32_t rows = p->convolution.input_width;
  int32_t count;
  for (int32_t row = 0; row < rows; row += count) {
    count = rows - row < PACKED_PIXELS ? rows - row : PACKED_PIXELS;
    conv2d_packed_s8_pixels(p, inputs, row, count,
                            (int8_t *)out + row * p->convolution.group_filters, (int8_t *)scratch);
  }
}
