/* Matrix product with a filter for ARMv7-M without the DSP extension, int8: [rows][I] to [rows][O].
 * A row is a pixel of a convolution of one tap. */
#include <stdint.h>

#include "common/conv2d_s8_m3.h"
#include "common/function.h"

typedef conv2d_s8_m3_params fully_connected_s8_m3_params;

static THIMBLE_NOINLINE void fully_connected_s8_m3(const void *params, const void *const *inputs,
                                                   void *out, void *scratch) {
  const conv2d_s8_m3_params *p = (const conv2d_s8_m3_params *)params;
  conv2d_s8_m3_tile(p, inputs, 0, p->input_width, (int8_t *)out, scratch);
}
