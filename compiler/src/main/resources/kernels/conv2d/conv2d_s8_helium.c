/* Convolution, int8, with M-profile vector instructions: output row [W][O] from KH input rows
 * [W][C]. */
#include <stdint.h>

#include "common/conv2d_s8_helium.h"
#include "common/function.h"

typedef struct {
  thimble_gemm gemm;
  thimble_scale scale;
  thimble_window window;
} conv2d_s8_helium_params;

static THIMBLE_NOINLINE void conv2d_s8_helium(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  const conv2d_s8_helium_params *p = (const conv2d_s8_helium_params *)params;
  thimble_conv2d_columns(&p->gemm, &p->scale, &p->window, rows, x0, x1,
                         (int8_t *)out + x0 * p->gemm.channels, scratch);
}
