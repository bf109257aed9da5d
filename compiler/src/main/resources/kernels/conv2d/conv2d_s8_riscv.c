/* Convolution for RISC-V, int8: output row [W][O] from KH input rows [W][C]. Scratch holds the
 * windows of four pixels. */
#include <stdint.h>

#include "common/conv2d_s8_riscv.h"
#include "common/function.h"

static THIMBLE_NOINLINE void conv2d_s8_riscv(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  conv2d_s8_riscv_tile((const conv2d_s8_riscv_params *)params, rows, x0, x1, (int8_t *)out,
                        scratch);
}
