/* Convolution of columns of one row, int8, with M-profile vector instructions (MVE). Pixels are
 * taken two at a time. A pixel's window is read where it lies if that is one piece, else it is
 * copied to the scratch memory. */
#ifndef THIMBLE_CONV2D_S8_HELIUM_H
#define THIMBLE_CONV2D_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/copy_s8_helium.h"
#include "common/function.h"
#include "common/gemm_s8_helium.h"

/* Where windows lie. */
typedef struct {
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int8_t input_zero_point;
} thimble_window;

/* Copies the window of a pixel that lies partly outside of the map, or has dilated columns. A tap
 * outside sees the zero point, as the folded bias presumes. */
static THIMBLE_NOINLINE void thimble_conv2d_edge(const thimble_window *p,
                                                   const void *const *rows, int32_t column,
                                                   int8_t *to) {
  int32_t step = p->dilation_width;
  int32_t width = p->kernel_width;
  int32_t channels = p->channels;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    if (!row) {
      to = thimble_fill(to, p->input_zero_point, width * channels);
    } else if (step == 1 && column >= 0 && column + width <= p->input_width) {
      to = thimble_copy(to, row + column * channels, width * channels);
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

/* The window of output pixel x, [KH][KW][C], as adjoining bytes: where it lies, or else copied.
 *   rows_inside  whether no row of the window lies outside of the map */
static THIMBLE_INLINE const int8_t *thimble_conv2d_window(const thimble_window *p,
                                                            const void *const *rows, int32_t x,
                                                            int32_t rows_inside, int8_t *buffer) {
  int32_t column = x * p->stride_width - p->left;
  int32_t width = p->kernel_width;
  if (rows_inside && p->dilation_width == 1 && column >= 0 && column + width <= p->input_width) {
    int32_t bytes = width * p->channels;
    int32_t from = column * p->channels;
    if (p->kernel_height == 1) {
      return (const int8_t *)rows[0] + from;
    }
    thimble_copy_rows(buffer, rows, p->dilation_height * (int32_t)sizeof *rows, p->kernel_height,
                      from, bytes);
  } else {
    thimble_conv2d_edge(p, rows, column, buffer);
  }
  return buffer;
}

/* Columns [x0, x1), [W][O]; `out` is the place of the first. scratch is the sums and then two
 * windows. */
static THIMBLE_INLINE void thimble_conv2d_columns(const thimble_gemm *g, const thimble_scale *scale,
                                                  const thimble_window *p, const void *const *rows,
                                                  int32_t x0, int32_t x1, int8_t *out,
                                                  void *scratch) {
  int8_t *windows = (int8_t *)scratch + 32 * g->held;
  thimble_gemm_blocks blocks;
  int8_t *to[2];
  int32_t x = x0;
  int32_t rows_inside = 1;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    if (!rows[ky * p->dilation_height]) {
      rows_inside = 0;
    }
  }
  blocks.gemm = g;
  blocks.scale = scale;
  blocks.memory = (int32_t *)scratch;
  to[0] = out;
  thimble_gemm_begin(&blocks, 2);
  if (p->kernel_height == 1 && p->kernel_width == 1 && p->left == 0 &&
      (x1 - 1) * p->stride_width < p->input_width) {
    const int8_t *from = (const int8_t *)rows[0] + x * p->stride_width * p->channels;
    int32_t step = p->stride_width * p->channels;
    for (; x + 2 <= x1; x += 2) {
      to[1] = to[0] + g->channels;
      blocks.first = from;
      blocks.second = from + step;
      from = blocks.second + step;
      thimble_gemm_pair(&blocks, to);
      to[0] += 2 * g->channels;
    }
  }
  for (; x + 2 <= x1; x += 2) {
    to[1] = to[0] + g->channels;
    blocks.first = thimble_conv2d_window(p, rows, x, rows_inside, windows);
    blocks.second = thimble_conv2d_window(p, rows, x + 1, rows_inside, windows + g->depth);
    thimble_gemm_pair(&blocks, to);
    to[0] += 2 * g->channels;
  }
  if (x < x1) {
    to[1] = to[0];
    blocks.first = thimble_conv2d_window(p, rows, x, rows_inside, windows);
    blocks.second = blocks.first;
    thimble_gemm_begin(&blocks, 1);
    thimble_gemm_last(&blocks, to);
  }
}

#endif
