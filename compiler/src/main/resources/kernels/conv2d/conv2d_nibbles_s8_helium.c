/* Convolution, int8 with a filter of 4-bit elements, with M-profile vector instructions: output row
 * [W][O] from KH input rows [W][C]. Pixels are taken two at a time. */
#include <stdint.h>

#include "common/conv2d_s8_helium.h"
#include "common/function.h"
#include "common/nibbles_s8_helium.h"

/* The scratch memory holds two windows, where windows are not one piece of a row, or as many as are
 * copied at a time. */
typedef struct {
  thimble_nibbles gemm;
  thimble_scale scale;
  thimble_window window;
  uint8_t several; /* whether THIMBLE_CONV2D_WINDOWS windows are copied at a time */
} conv2d_nibbles_s8_helium_params;

/* Columns [x0, x1), whose windows are copied several at a time. */
static THIMBLE_NOINLINE void conv2d_nibbles_several(const conv2d_nibbles_s8_helium_params *p,
                                                    thimble_nibbles_blocks *blocks,
                                                    const void *const *rows, int32_t x0,
                                                    int32_t x1, int8_t *out, int8_t *windows) {
  int32_t depth = p->gemm.depth;
  int8_t *to[2];
  to[0] = out;
  for (int32_t x = x0; x < x1; x += THIMBLE_CONV2D_WINDOWS) {
    int32_t count = x1 - x < THIMBLE_CONV2D_WINDOWS ? x1 - x : THIMBLE_CONV2D_WINDOWS;
    thimble_conv2d_windows(&p->window, rows, x, count, depth, windows);
    for (int32_t i = 0; i < count; i += 2) {
      int32_t more = i + 1 < count;
      blocks->first = windows + i * depth;
      blocks->second = blocks->first + (more ? depth : 0);
      to[1] = to[0] + (more ? p->gemm.channels : 0);
      thimble_nibbles_pair(blocks, to);
      to[0] = to[1] + p->gemm.channels;
    }
  }
}

static THIMBLE_NOINLINE void conv2d_nibbles_s8_helium(const void *params, const void *const *rows,
                                                      int32_t x0, int32_t x1, void *out,
                                                      void *scratch) {
  const conv2d_nibbles_s8_helium_params *p = (const conv2d_nibbles_s8_helium_params *)params;
  int8_t *windows = (int8_t *)scratch;
  thimble_nibbles_blocks blocks;
  int8_t *to[2];
  int32_t inside = 1;
  for (int32_t ky = 0; ky < p->window.kernel_height; ++ky) {
    if (!rows[ky * p->window.dilation_height]) {
      inside = 0;
    }
  }
  thimble_nibbles_begin(&blocks, &p->gemm, &p->scale);
  to[0] = (int8_t *)out + x0 * p->gemm.channels;
  if (p->several) {
    conv2d_nibbles_several(p, &blocks, rows, x0, x1, to[0], windows);
    return;
  }
  for (int32_t x = x0; x < x1; x += 2) {
    blocks.first = thimble_conv2d_window(&p->window, rows, x, inside, windows);
    blocks.second = blocks.first;
    to[1] = to[0];
    if (x + 1 < x1) {
      blocks.second =
          thimble_conv2d_window(&p->window, rows, x + 1, inside, windows + p->gemm.depth);
      to[1] = to[0] + p->gemm.channels;
    }
    thimble_nibbles_pair(&blocks, to);
    to[0] = to[1] + p->gemm.channels;
  }
}
