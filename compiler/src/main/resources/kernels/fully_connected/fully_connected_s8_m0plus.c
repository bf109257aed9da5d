/* Matrix product with a filter for ARMv6-M, int8: [rows][I] to [rows][O]. A row is a pixel of a
 * convolution of one tap. Scratch holds three widened rows. */
#include <stdint.h>

#include "common/conv2d_s8_m0plus.h"
#include "common/function.h"

typedef conv2d_s8_m0plus_params fully_connected_s8_m0plus_params;

static THIMBLE_NOINLINE void fully_connected_s8_m0plus(const void *params,
                                                       const void *const *inputs, void *out,
                                                       void *scratch) {
  const conv2d_s8_m0plus_params *p = (const conv2d_s8_m0plus_params *)params;
  conv2d_s8_m0plus_tile(p, inputs, 0, p->input_width, (int8_t *)out, (int32_t *)scratch);
}
