/* Convolution, int8 with a filter of 4-bit elements, with M-profile vector instructions: output row
 * [W][O] from KH input rows [W][C]. Pixels are taken two at a time. */
#include <stdint.h>

#include "common/conv2d_s8_helium.h"
#include "common/function.h"
#include "common/nibbles_s8_helium.h"

/* The scratch memory holds two windows, where windows are not one piece of a row. */
typedef struct {
  thimble_nibbles gemm;
  thimble_scale scale;
  thimble_window window;
} conv2d_nibbles_s8_helium_params;

static THIMBLE_NOINLINE void conv2d_nibbles_s8_helium(const void *params, const void *const *rows,
                                                      int32_t x0, int32_t x1, void *out,
                                                      void *scratch) {
  const conv2d_nibbles_s8_helium_params *p = (const conv2d_nibbles_s8_helium_params *)params;
  int8_t *windows = (int8_t *)scratch;
  int8_t *to[2];
  int32_t inside = 1;
  for (int32_t ky = 0; ky < p->window.kernel_height; ++ky) {
    if (!rows[ky * p->window.dilation_height]) {
      inside = 0;
    }
  }
  to[0] = (int8_t *)out + x0 * p->gemm.channels;
  for (int32_t x = x0; x < x1; x += 2) {
    const int8_t *first = thimble_conv2d_window(&p->window, rows, x, inside, windows);
    const int8_t *second = first;
    to[1] = to[0];
    if (x + 1 < x1) {
      second = thimble_conv2d_window(&p->window, rows, x + 1, inside, windows + p->gemm.depth);
      to[1] = to[0] + p->gemm.channels;
    }
    thimble_nibbles_pair(&p->gemm, &p->scale, first, second, to);
    to[0] = to[1] + p->gemm.channels;
  }
}
