/* Convolution, int8, with M-profile vector instructions: output row [W][O] from KH input rows
 * [W][C]. Pixels are taken two at a time. A pixel's window is read where it lies if that is one
 * piece, else it is copied to the scratch memory. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/copy_s8_helium.h"
#include "common/function.h"
#include "common/gemm_s8_helium.h"

typedef struct {
  thimble_gemm gemm;
  thimble_scale scale;
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int8_t input_zero_point;
} conv2d_s8_helium_params;

/* Copies the window of a pixel, [KH][KW][C]. A tap outside of the map sees the zero point, as the
 * folded bias presumes. */
static THIMBLE_NOINLINE void conv2d_s8_helium_window(const conv2d_s8_helium_params *p,
                                                     const void *const *rows, int32_t column,
                                                     int8_t *to) {
  int32_t step = p->dilation_width;
  int32_t width = p->kernel_width;
  int32_t channels = p->channels;
  int32_t inside = column >= 0 && column + (width - 1) * step < p->input_width;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    if (row && inside && step == 1) {
      to = thimble_copy(to, row + column * channels, width * channels);
    } else if (!row) {
      to = thimble_fill(to, p->input_zero_point, width * channels);
    } else {
      for (int32_t at = column; at < column + width * step; at += step) {
        if (at >= 0 && at < p->input_width) {
          to = thimble_copy(to, row + at * channels, channels);
        } else {
          to = thimble_fill(to, p->input_zero_point, channels);
        }
      }
    }
  }
}

/* The window of output pixel x as adjoining bytes: where it lies, or else copied. */
static THIMBLE_INLINE const int8_t *conv2d_s8_helium_pixel(const conv2d_s8_helium_params *p,
                                                           const void *const *rows, int32_t x,
                                                           int8_t *buffer) {
  int32_t column = x * p->stride_width - p->left;
  int32_t width = p->kernel_width;
  if (p->kernel_height == 1 && (width == 1 || p->dilation_width == 1) && column >= 0 &&
      column + width <= p->input_width) {
    return (const int8_t *)rows[0] + column * p->channels;
  }
  conv2d_s8_helium_window(p, rows, column, buffer);
  return buffer;
}

/* scratch is the sums and then two windows. */
static THIMBLE_NOINLINE void conv2d_s8_helium(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  const conv2d_s8_helium_params *p = (const conv2d_s8_helium_params *)params;
  const thimble_gemm *g = &p->gemm;
  int32_t *sums = (int32_t *)scratch;
  int32_t blocks_held = g->channels / 4 + 1;
  int8_t *windows = (int8_t *)(sums + 8 * (blocks_held < THIMBLE_GEMM_BLOCKS ? blocks_held
                                                                             : THIMBLE_GEMM_BLOCKS));
  thimble_gemm_blocks blocks;
  int32_t x = x0;
  blocks.gemm = g;
  blocks.scale = &p->scale;
  blocks.memory = sums;
  thimble_gemm_begin(&blocks, 2);
  for (; x + 2 <= x1; x += 2) {
    const int8_t *from[2];
    int8_t *to[2];
    to[0] = (int8_t *)out + x * g->channels;
    to[1] = to[0] + g->channels;
    from[0] = conv2d_s8_helium_pixel(p, rows, x, windows);
    from[1] = conv2d_s8_helium_pixel(p, rows, x + 1, windows + g->depth);
    thimble_gemm_pair(&blocks, from, to);
  }
  if (x < x1) {
    const int8_t *from[2];
    int8_t *to[2];
    to[0] = (int8_t *)out + x * g->channels;
    to[1] = to[0];
    from[0] = conv2d_s8_helium_pixel(p, rows, x, windows);
    from[1] = from[0];
    thimble_gemm_begin(&blocks, 1);
    thimble_gemm_last(&blocks, from, to);
  }
}
