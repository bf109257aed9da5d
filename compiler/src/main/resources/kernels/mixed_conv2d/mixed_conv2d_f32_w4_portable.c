/* Convolution of floats by a filter of int4: docs/quantization.md, rule Q67. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/mixed_weights.h"

typedef mixed_weights_params mixed_conv2d_f32_w4_params;

static THIMBLE_NOINLINE void mixed_conv2d_f32_w4(const void *params, const void *const *rows,
                                                 int32_t x0, int32_t x1, void *out,
                                                 void *scratch) {
  (void)scratch;
  mixed_weights((const mixed_weights_params *)params, rows, x0, x1, (float *)out, 1);
}
