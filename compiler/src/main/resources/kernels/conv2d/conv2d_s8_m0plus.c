/* Convolution for ARMv6-M, int8: output row [W][O] from KH input rows [W][C]. Scratch holds the
 * widened windows of three pixels. */
#include <stdint.h>

#include "common/conv2d_s8_m0plus.h"
#include "common/function.h"

static THIMBLE_NOINLINE void conv2d_s8_m0plus(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  conv2d_s8_m0plus_tile((const conv2d_s8_m0plus_params *)params, rows, x0, x1, (int8_t *)out,
                        (int32_t *)scratch);
}
