/* Matrix product with a filter, float: [rows][I] to [rows][O]. A row is a pixel of a convolution of
 * one tap, whose `input_width` is the number of rows. */
#include <math.h>
#include <stdint.h>

#include "common/conv2d_f32.h"
#include "common/function.h"

typedef conv2d_f32_params fully_connected_f32_params;

static THIMBLE_NOINLINE void fully_connected_f32(const void *params, const void *const *inputs,
                                                 void *out, void *scratch) {
  const conv2d_f32_params *p = (const conv2d_f32_params *)params;
  (void)scratch;
  for (int32_t row = 0; row < p->input_width; ++row) {
    conv2d_f32_pixel(p, inputs, row, (float *)out + row * p->group_filters, 0);
  }
}
