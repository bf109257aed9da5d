/* The convolution that convolutions and fully connected nodes for ARMv6-M share. */
#ifndef THIMBLE_CONV2D_S8_M0PLUS_H
#define THIMBLE_CONV2D_S8_M0PLUS_H

#include <stdint.h>

#include "common/function.h"
#include "common/gemm_s8_m0plus.h"

typedef struct {
  const int32_t *filter;  /* [O / 2][K / 2] words of w[0] + 256 * w[1] in each half, rounded up */
  const int32_t *requant; /* as in gemm_s8_m0plus_block */
  int32_t input_width;
  int32_t channels; /* C */
  int32_t filters;  /* O */
  int32_t words;    /* of a pair of channels */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  uint16_t range_shift;
  uint16_t offset_shift;
  int32_t zero; /* the output's zero point and a half, times 2^23, where there are dips, or 0 */
  int16_t min; /* the bounds of the activation */
  int16_t max;
  int8_t input_zero_point;
  uint8_t mended; /* whether pairs of channels are mended: gemm_s8_m0plus.h */
  int32_t block; /* the pixels computed at once, for which there is scratch: 3 or 1 */
} conv2d_s8_m0plus_params;

/* Widens the taps of one kernel row at one pixel; those outside of the map are the zero point. */
static THIMBLE_NOINLINE void conv2d_s8_m0plus_taps(const conv2d_s8_m0plus_params *p,
                                                   const int8_t *row, int32_t column, int32_t step,
                                                   int32_t *to) {
  for (int32_t tap = 0; tap < p->kernel_width; ++tap, column += p->dilation_width) {
    const int8_t *from = row + column * p->channels;
    int32_t inside = row && column >= 0 && column < p->input_width;
    for (int32_t c = 0; c < p->channels; ++c) {
      *to = inside ? from[c] : p->input_zero_point;
      to += step;
    }
  }
}

/* Widens the windows of three pixels, or of one, into [K][count]. */
static THIMBLE_INLINE void conv2d_s8_m0plus_windows(const conv2d_s8_m0plus_params *p,
                                                    const void *const *rows, int32_t x,
                                                    int32_t last, int32_t step, int32_t *to) {
  int32_t run = p->kernel_width * p->channels;
  int32_t column = x * p->stride_width - p->left;
  int32_t across = last * p->stride_width;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    if (row && step == 3 && (p->dilation_width == 1 || p->kernel_width == 1) && column >= 0 &&
        column + across + p->kernel_width <= p->input_width) {
      const int8_t *end = row + column * p->channels + run;
      int32_t second = p->stride_width * p->channels;
      gemm_s8_m0plus_widen(end, end + second, end + across * p->channels, -run, to);
    } else {
      for (int32_t i = 0; i < step; ++i) {
        int32_t pixel = i < last ? i : last; /* What is beyond the last pixel repeats it. */
        conv2d_s8_m0plus_taps(p, row, column + pixel * p->stride_width, step, to + i);
      }
    }
    to += run * step;
  }
}

static THIMBLE_NOINLINE void conv2d_s8_m0plus_tile(const conv2d_s8_m0plus_params *p,
                                                   const void *const *rows, int32_t x0, int32_t x1,
                                                   int8_t *out, int32_t *scratch) {
  gemm_s8_m0plus_block block;
  block.x = scratch;
  block.filter_bytes = 4 * p->words;
  block.start = (int32_t)(((uint32_t)(p->min + 1) << (p->zero ? 23 : 24)) - (uint32_t)p->zero);
  block.zero = p->zero;
  block.offset_shift = p->offset_shift;
  block.range_shift = p->range_shift;
  block.differing = p->max ^ p->min;
  block.max = p->max;
#ifdef THIMBLE_M0PLUS_MEND
  block.mended = p->mended;
#endif
  int32_t count;
  for (int32_t x = x0; x < x1; x += count) {
    count = x1 - x < p->block ? x1 - x : p->block;
    block.filter = p->filter;
    block.requant = p->requant;
    block.channels = p->filters;
    block.out = out + x * p->filters;
    if (count == 1) {
      conv2d_s8_m0plus_windows(p, rows, x, 0, 1, scratch);
      if (p->zero) {
        gemm_s8_m0plus_one_dips(&block);
      } else {
        gemm_s8_m0plus_one(&block);
      }
    } else {
      conv2d_s8_m0plus_windows(p, rows, x, count - 1, 3, scratch);
      block.second = p->filters;
      block.third = count == 3 ? p->filters : 0;
      if (p->zero) {
        gemm_s8_m0plus_three_dips(&block);
      } else {
        gemm_s8_m0plus_three(&block);
      }
    }
  }
}

#endif
