/* Convolution for ARMv7-M without the DSP extension, int8: output row [W][O] from KH input rows
 * [W][C]. Scratch holds the windows of two pixels that reach beyond the map. */
#include <stdint.h>

#include "common/conv2d_s8_m3.h"
#include "common/function.h"

static THIMBLE_NOINLINE void conv2d_s8_m3(const void *params, const void *const *rows, int32_t x0,
                                          int32_t x1, void *out, void *scratch) {
  conv2d_s8_m3_tile((const conv2d_s8_m3_params *)params, rows, x0, x1, (int8_t *)out, scratch);
}
