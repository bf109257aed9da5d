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
#include "common/gemm_small_s8_helium.h"

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
    thimble_copy_rows(buffer, bytes, rows, p->dilation_height * (int32_t)sizeof *rows,
                      p->kernel_height, from, bytes);
  } else {
    thimble_conv2d_edge(p, rows, column, buffer);
  }
  return buffer;
}

/* So many windows are copied at a time where pixels are small. */
#define THIMBLE_CONV2D_WINDOWS 16

/* Copies a row of several windows inside of the map, `step` bytes apart. */
static THIMBLE_NOINLINE void thimble_conv2d_inside(int8_t *to, const int8_t *from, int32_t bytes,
                                                 int32_t step, int32_t depth, int32_t count) {
  for (int32_t at = 0; at < bytes; at += 16) {
    const int8_t *source = from + at;
    int8_t *target = to + at;
    __asm__ volatile(
        "vctp.8 %3\n\t"
        "dls lr, %2\n\t"
        "1:\n\t"
        "vpstt\n\t"
        "vldrbt.u8 q0, [%0]\n\t"
        "vstrbt.8 q0, [%1]\n\t"
        "add %0, %4\n\t"
        "add %1, %5\n\t"
        "le lr, 1b\n\t"
        : "+r"(source), "+r"(target)
        : "r"(count), "r"(bytes - at), "r"(step), "r"(depth)
        : "lr", "q0", "memory");
  }
}

/* Copies the window that begins in a column from where it lies partly outside of the map: only rows
 * [top, bottom) are inside. */
static THIMBLE_NOINLINE void thimble_conv2d_partly(const thimble_window *p, const void *const *rows,
                                                   int32_t column, int32_t top, int32_t bottom,
                                                   int32_t depth, int8_t *to) {
  int32_t first = column < 0 ? -column : 0;
  int32_t last = p->input_width - column;
  last = last < p->kernel_width ? last : p->kernel_width;
  (void)thimble_fill(to, p->input_zero_point, depth);
  if (first < last && top < bottom) {
    int32_t pitch = p->kernel_width * p->channels;
    thimble_copy_rows(to + top * pitch + first * p->channels, pitch,
                      rows + top * p->dilation_height,
                      p->dilation_height * (int32_t)sizeof *rows, bottom - top,
                      (column + first) * p->channels, (last - first) * p->channels);
  }
}

/* Copies the windows of columns [x, x + count), [count][KH][KW][C]. */
static THIMBLE_NOINLINE void thimble_conv2d_windows(const thimble_window *p,
                                                    const void *const *rows, int32_t x,
                                                    int32_t count, int32_t depth, int8_t *to) {
  int32_t bytes = p->kernel_width * p->channels;
  int32_t stride = p->stride_width;
  int32_t column = x * stride - p->left;
  int32_t inside = p->input_width - p->kernel_width - column;
  int32_t before = 0;
  int32_t top = 0;
  int32_t bottom = p->kernel_height;
  while (top < bottom && !rows[top * p->dilation_height]) {
    ++top;
  }
  while (top < bottom && !rows[(bottom - 1) * p->dilation_height]) {
    --bottom;
  }
  /* Windows [before, inside) lie inside of the map. */
  inside = inside < 0 || bottom - top < p->kernel_height ? 0 : inside / stride + 1;
  inside = p->dilation_width > 1 ? 0 : inside < count ? inside : count;
  while (before < inside && column + before * stride < 0) {
    ++before;
  }
  for (int32_t i = 0; i < count; ++i) {
    if (i == before && before < inside) {
      i = inside;
    }
    if (i < count && p->dilation_width > 1) {
      thimble_conv2d_edge(p, rows, column + i * stride, to + i * depth);
    } else if (i < count) {
      thimble_conv2d_partly(p, rows, column + i * stride, top, bottom, depth, to + i * depth);
    }
  }
  to += before * depth;
  for (int32_t ky = 0; before < inside && ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    thimble_conv2d_inside(to, row + (column + before * stride) * p->channels, bytes,
                          stride * p->channels, depth, inside - before);
    to += bytes;
  }
}

/* As thimble_conv2d_columns, where pixels are small. scratch is the sums and then windows. */
static THIMBLE_NOINLINE void thimble_conv2d_small(const thimble_gemm *g, const thimble_scale *scale,
                                                  const thimble_window *p, const void *const *rows,
                                                  int32_t x0, int32_t x1, int8_t *out,
                                                  int32_t *scratch) {
  int32_t step = p->stride_width * p->channels;
  int8_t *windows = (int8_t *)scratch + 32 * g->held;
  if (p->kernel_height == 1 && (p->kernel_width == 1 || p->dilation_width == 1) && p->left == 0 &&
      (x1 - 1) * p->stride_width + p->kernel_width <= p->input_width) {
    if (rows[0]) {
      thimble_gemm_small(g, scale, (const int8_t *)rows[0] + x0 * step, step, x1 - x0, out,
                         scratch);
      return;
    }
  }
  for (int32_t x = x0; x < x1; x += THIMBLE_CONV2D_WINDOWS) {
    int32_t count = x1 - x < THIMBLE_CONV2D_WINDOWS ? x1 - x : THIMBLE_CONV2D_WINDOWS;
    thimble_conv2d_windows(p, rows, x, count, g->depth, windows);
    thimble_gemm_small(g, scale, windows, g->depth, count, out, scratch);
    out += count * g->channels;
  }
}

/* Columns [x0, x1), [W][O]; `out` is the place of the first. scratch is the sums and then two
 * windows, or those of thimble_conv2d_small. */
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
  if (g->small) {
    thimble_conv2d_small(g, scale, p, rows, x0, x1, out, (int32_t *)scratch);
    return;
  }
  blocks.gemm = g;
  blocks.scale = scale;
  blocks.memory = (int32_t *)scratch;
  to[0] = out;
  thimble_gemm_begin(&blocks, 2);
  if (rows_inside && p->kernel_height == 1 && p->kernel_width == 1 && p->left == 0 &&
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
