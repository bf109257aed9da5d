/* Matrix product with a filter, int8: [rows][I] to [rows][O]. A row is a pixel of a convolution of
 * one tap, whose `input_width` is the number of rows. */
#include <stdint.h>

#include "common/conv2d_s8.h"
#include "common/function.h"

typedef conv2d_s8_params fully_connected_s8_params;

static THIMBLE_NOINLINE void fully_connected_s8(const void *params, const void *const *inputs,
                                                void *out, void *scratch) {
  const conv2d_s8_params *p = (const conv2d_s8_params *)params;
  (void)scratch;
  for (int32_t row = 0; row < p->input_width; ++row) {
    conv2d_s8_pixel(p, inputs, row, (int8_t *)out + row * p->group_filters, 0);
  }
}
