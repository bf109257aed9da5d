/* The convolution that convolutions and fully connected nodes for RISC-V share. */
#ifndef THIMBLE_CONV2D_S8_RISCV_H
#define THIMBLE_CONV2D_S8_RISCV_H

#include <stdint.h>

#include "common/function.h"
#include "common/gemm_s8_riscv.h"
#include "common/requantize_s8_riscv.h"

/* As conv2d_s8_params, of a single group. */
typedef struct {
  const int8_t *filter;      /* [O / 4][K][4], then [O % 4][K] */
  const int32_t *bias;       /* [O], less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier; /* [O], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  int32_t input_width;
  int32_t channels; /* C */
  int32_t filters;  /* O */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation, less the output's zero point */
  int16_t max;
  int8_t input_zero_point;
  int8_t output_zero_point;
  uint8_t per_channel; /* 1: multiplier and shift have an entry for each channel */
} conv2d_s8_riscv_params;

/* The most rows of a kernel whose taps are read where they lie. */
#define THIMBLE_RISCV_RUNS 11

/* The input of a block of pixels: runs of adjoining taps. */
typedef struct {
  const int8_t *const *runs; /* the first pixel's */
  int32_t count;             /* of runs */
  int32_t length;            /* of each */
  int32_t across[4];         /* the distances of the pixels from the first, in bytes */
  int32_t pixels;            /* those that are stored */
  int8_t *out;               /* the first pixel */
} conv2d_s8_riscv_block;

/* Requantises the sums of one channel, one for each pixel, and stores them. */
static THIMBLE_INLINE void conv2d_s8_riscv_store(const conv2d_s8_riscv_params *p,
                                                 const conv2d_s8_riscv_block *block,
                                                 int32_t channel, const uint32_t *sums) {
  int32_t entry = p->per_channel ? channel : 0;
  requantize_s8_riscv_channel constants =
      requantize_s8_riscv_of(p->multiplier[entry], p->shift[entry]);
  int8_t *to = block->out + channel;
  const uint32_t *end = sums + block->pixels;
  int32_t min = p->min, max = p->max, zero = p->output_zero_point, filters = p->filters;
  if (min >= 0) {
    do {
      int32_t value = requantize_s8_riscv((int32_t)*sums++, &constants, 1);
      *to = (int8_t)(thimble_clamp(value, min, max) + zero);
      to += filters;
    } while (sums != end);
  } else {
    do {
      int32_t value = requantize_s8_riscv((int32_t)*sums++, &constants, 0);
      *to = (int8_t)(thimble_clamp(value, min, max) + zero);
      to += filters;
    } while (sums != end);
  }
}

/* Adds a run's products for one pixel and four channels. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_pixel(const int8_t *x, const int8_t *w, int32_t count,
                                                   uint32_t *sums) {
  uint32_t s0 = sums[0], s1 = sums[4], s2 = sums[8], s3 = sums[12];
  const int8_t *end = x + (count & ~3);
  while (x != end) {
    int32_t a = x[0], b = x[1], c = x[2], d = x[3];
    s0 += (uint32_t)(a * w[0] + b * w[4] + c * w[8] + d * w[12]);
    s1 += (uint32_t)(a * w[1] + b * w[5] + c * w[9] + d * w[13]);
    s2 += (uint32_t)(a * w[2] + b * w[6] + c * w[10] + d * w[14]);
    s3 += (uint32_t)(a * w[3] + b * w[7] + c * w[11] + d * w[15]);
    x += 4;
    w += 16;
  }
  for (end = x + (count & 3); x != end; w += 4) {
    int32_t a = *x++;
    s0 += (uint32_t)(a * w[0]);
    s1 += (uint32_t)(a * w[1]);
    s2 += (uint32_t)(a * w[2]);
    s3 += (uint32_t)(a * w[3]);
  }
  sums[0] = s0;
  sums[4] = s1;
  sums[8] = s2;
  sums[12] = s3;
}

/* Adds a run's products for four pixels and one channel. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_channel(const int8_t *x, const int32_t *across,
                                                     const int8_t *w, int32_t count,
                                                     uint32_t *sums) {
  uint32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  const int8_t *x1 = x + across[1], *x2 = x + across[2], *x3 = x + across[3];
  const int8_t *end = w + count;
  do {
    int32_t a = *w++;
    s0 += (uint32_t)(a * *x++);
    s1 += (uint32_t)(a * *x1++);
    s2 += (uint32_t)(a * *x2++);
    s3 += (uint32_t)(a * *x3++);
  } while (w != end);
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

/* All output channels of a block. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_channels(const conv2d_s8_riscv_params *p,
                                                      const conv2d_s8_riscv_block *block) {
  const int8_t *w = p->filter;
  int32_t length = block->length;
  int32_t lanes;
  for (int32_t channel = 0; channel < p->filters; channel += lanes) {
    uint32_t sums[16];
    lanes = p->filters - channel < 4 ? 1 : 4;
    for (int32_t j = 0; j < lanes; ++j) {
      uint32_t bias = (uint32_t)p->bias[channel + j];
      sums[4 * j] = bias;
      sums[4 * j + 1] = bias;
      sums[4 * j + 2] = bias;
      sums[4 * j + 3] = bias;
    }
    for (int32_t run = 0; run < block->count; ++run) {
      const int8_t *x = block->runs[run];
      if (lanes == 1) {
        conv2d_s8_riscv_channel(x, block->across, w, length, sums);
      } else if (block->pixels == 1) {
        conv2d_s8_riscv_pixel(x, w, length, sums);
      } else {
        gemm_s8_riscv_four(x, x + block->across[1], x + block->across[2], x + block->across[3], w,
                           length, sums);
      }
      w += lanes * length;
    }
    for (int32_t j = 0; j < lanes; ++j) {
      conv2d_s8_riscv_store(p, block, channel + j, sums + 4 * j);
    }
  }
}

/* Copies the taps of a pixel's window to [K]; those outside of the map are the zero point. */
static THIMBLE_NOINLINE int8_t *conv2d_s8_riscv_window(const conv2d_s8_riscv_params *p,
                                                       const void *const *rows, int32_t column,
                                                       int8_t *to) {
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t at = column;
    for (int32_t tap = 0; tap < p->kernel_width; ++tap, at += p->dilation_width) {
      int8_t *end = to + p->channels;
      if (row && at >= 0 && at < p->input_width) {
        const int8_t *from = row + at * p->channels;
        do {
          *to++ = *from++;
        } while (to != end);
      } else {
        int8_t zero = p->input_zero_point;
        do {
          *to++ = zero;
        } while (to != end);
      }
    }
  }
  return to;
}

/* Whether all rows of a window lie within the map, and its columns from this one on too. */
static THIMBLE_INLINE int32_t conv2d_s8_riscv_inside(const conv2d_s8_riscv_params *p,
                                                     const void *const *rows, int32_t column,
                                                     int32_t columns) {
  if (column < 0 || column + columns > p->input_width ||
      (p->kernel_width > 1 && p->dilation_width > 1)) {
    return 0;
  }
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    if (!rows[ky * p->dilation_height]) {
      return 0;
    }
  }
  return 1;
}

/* Scratch holds the windows of four pixels that reach beyond the map. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_tile(const conv2d_s8_riscv_params *p,
                                                  const void *const *rows, int32_t x0, int32_t x1,
                                                  int8_t *out, void *scratch) {
  const int8_t *runs[THIMBLE_RISCV_RUNS];
  int32_t run = p->kernel_width * p->channels;
  conv2d_s8_riscv_block block;
  block.runs = runs;
  for (int32_t x = x0; x < x1; x += block.pixels) {
    int32_t column = x * p->stride_width - p->left;
    int32_t step = p->stride_width * p->channels;
    int32_t last;
    block.pixels = x1 - x < 4 ? x1 - x : 4;
    last = block.pixels - 1;
    block.out = out + x * p->filters;
    if (p->kernel_height <= THIMBLE_RISCV_RUNS &&
        conv2d_s8_riscv_inside(p, rows, column, last * p->stride_width + p->kernel_width)) {
      block.count = p->kernel_height;
      block.length = run;
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        runs[ky] = (const int8_t *)rows[ky * p->dilation_height] + column * p->channels;
      }
    } else {
      int8_t *to = (int8_t *)scratch;
      runs[0] = to;
      for (int32_t i = 0; i < block.pixels; ++i) {
        to = conv2d_s8_riscv_window(p, rows, column + i * p->stride_width, to);
      }
      step = p->kernel_height * run;
      block.count = 1;
      block.length = step;
    }
    for (int32_t i = 0; i < 4; ++i) { /* What is beyond the last pixel repeats it. */
      block.across[i] = (i < last ? i : last) * step;
    }
    conv2d_s8_riscv_channels(p, &block);
  }
}

#endif
