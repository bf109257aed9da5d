/* The convolution that convolutions and fully connected nodes for ARMv7-M without the DSP extension
 * share. */
#ifndef THIMBLE_CONV2D_S8_M3_H
#define THIMBLE_CONV2D_S8_M3_H

#include <stdint.h>

#include "common/bias_fraction.h"
#include "common/function.h"
#include "common/gemm_s8_m3.h"
#include "common/requantize_s8_m3.h"

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
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* [O] of the biases, in units of 2^-8, or null */
#endif
} conv2d_s8_m3_params;

/* A block of one or two pixels, whose taps lie in runs of one length, one run in each row. */
typedef struct {
  const void *const *rows;
  int32_t rows_step; /* from a run's row to the next one's */
  int32_t offset;    /* of the first pixel's taps in a row */
  int32_t runs;
  int32_t length;
  int32_t across; /* from the first pixel to the second, in bytes */
  int32_t pixels;
} conv2d_s8_m3_block;

static THIMBLE_INLINE const int8_t *conv2d_s8_m3_taps(const conv2d_s8_m3_block *block,
                                                      int32_t run) {
  return (const int8_t *)block->rows[run * block->rows_step] + block->offset;
}

/* Requantises the sums of `count` channels, [count][pixels], the first of which is `channel`. */
static THIMBLE_NOINLINE void conv2d_s8_m3_outputs(const conv2d_s8_m3_params *p, int32_t channel,
                                                  int32_t count, const uint32_t *sums,
                                                  int32_t pixels, int8_t *out) {
  int32_t min = p->min, max = p->max, zero = p->output_zero_point;
  int32_t entry = p->per_channel ? channel : 0;
  int8_t *second = out + p->filters;
  for (int32_t end = channel + count; channel < end; ++channel, entry += p->per_channel) {
    requantize_s8_m3_channel constants = requantize_s8_m3_of(p->multiplier[entry], p->shift[entry]);
    out[channel] = requantize_s8_m3((int32_t)*sums++, THIMBLE_FRACTION(p, channel), &constants,
                                    min, max, zero);
    if (pixels == 2) {
      second[channel] = requantize_s8_m3((int32_t)*sums++, THIMBLE_FRACTION(p, channel),
                                         &constants, min, max, zero);
    }
  }
}

/* Computes the channels beyond the last block of four, one by one. */
static THIMBLE_NOINLINE void conv2d_s8_m3_rest(const conv2d_s8_m3_params *p,
                                               const conv2d_s8_m3_block *block, int8_t *out) {
  const int8_t *filter = p->filter + (p->filters & ~3) * block->runs * block->length;
  for (int32_t channel = p->filters & ~3; channel < p->filters; ++channel) {
    uint32_t sums[2];
    sums[0] = sums[1] = (uint32_t)p->bias[channel];
    for (int32_t run = 0; run < block->runs; ++run) {
      const int8_t *x = conv2d_s8_m3_taps(block, run);
      const int8_t *y = x + block->across;
      uint32_t first = sums[0], second = sums[1];
      for (int32_t left = block->length; left > 0; --left) {
        int32_t w = *filter++;
        first += (uint32_t)(*x++ * w);
        second += (uint32_t)(*y++ * w);
      }
      sums[0] = first;
      sums[1] = second;
    }
    conv2d_s8_m3_outputs(p, channel, 1, sums, block->pixels, out);
  }
}

/* Computes all channels of a block. */
static THIMBLE_NOINLINE void conv2d_s8_m3_channels(const conv2d_s8_m3_params *p,
                                                   const conv2d_s8_m3_block *block, int8_t *out) {
  const int8_t *w = p->filter;
  int32_t four = 4 * block->runs * block->length; /* the bytes of four channels' filters */
  int32_t channel = 0;
  uint32_t sums[8];
  if (block->pixels == 1) {
    for (; channel + 8 <= p->filters; channel += 8, w += four) {
      for (int32_t j = 0; j < 8; ++j) {
        sums[j] = (uint32_t)p->bias[channel + j];
      }
      for (int32_t run = 0; run < block->runs; ++run, w += 4 * block->length) {
        gemm_s8_m3_eight(conv2d_s8_m3_taps(block, run), w, block->length, four, sums);
      }
      conv2d_s8_m3_outputs(p, channel, 8, sums, 1, out);
    }
  }
  for (; channel + 4 <= p->filters; channel += 4) {
    for (int32_t j = 0; j < 4; ++j) {
      sums[2 * j] = sums[2 * j + 1] = (uint32_t)p->bias[channel + j];
    }
    for (int32_t run = 0; run < block->runs; ++run, w += 4 * block->length) {
      gemm_s8_m3_run(conv2d_s8_m3_taps(block, run), w, block->length, block->across, sums);
    }
    if (block->pixels == 1) { /* The second pixel repeats the first. */
      for (int32_t j = 1; j < 4; ++j) {
        sums[j] = sums[2 * j];
      }
    }
    conv2d_s8_m3_outputs(p, channel, 4, sums, block->pixels, out);
  }
  conv2d_s8_m3_rest(p, block, out);
}

/* Copies the taps of a pixel's window to [K]; those outside of the map are the zero point. */
static THIMBLE_NOINLINE int8_t *conv2d_s8_m3_window(const conv2d_s8_m3_params *p,
                                                    const void *const *rows, int32_t column,
                                                    int8_t *to) {
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t at = column;
    for (int32_t tap = 0; tap < p->kernel_width; ++tap, at += p->dilation_width) {
      int8_t zero = p->input_zero_point;
      const int8_t *from = &zero;
      int8_t *end = to + p->channels;
      int32_t step = 0;
      if (row && at >= 0 && at < p->input_width) {
        from = row + at * p->channels;
        step = 1;
      }
      for (; to != end; from += step) {
        *to++ = *from;
      }
    }
  }
  return to;
}

/* Whether all rows of a window lie within the map, and its columns from this one on too. */
static THIMBLE_INLINE int32_t conv2d_s8_m3_inside(const conv2d_s8_m3_params *p,
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

/* Scratch holds the windows of two pixels that reach beyond the map. */
static THIMBLE_NOINLINE void conv2d_s8_m3_tile(const conv2d_s8_m3_params *p,
                                               const void *const *rows, int32_t x0, int32_t x1,
                                               int8_t *out, void *scratch) {
  const void *copied[1];
  conv2d_s8_m3_block block;
  copied[0] = scratch;
  for (int32_t x = x0; x < x1; x += block.pixels) {
    int32_t column = x * p->stride_width - p->left;
    block.pixels = x1 - x < 2 ? 1 : 2;
    if (conv2d_s8_m3_inside(p, rows, column,
                            (block.pixels - 1) * p->stride_width + p->kernel_width)) {
      block.rows = rows;
      block.rows_step = p->dilation_height;
      block.offset = column * p->channels;
      block.runs = p->kernel_height;
      block.length = p->kernel_width * p->channels;
      block.across = p->stride_width * p->channels;
    } else {
      int8_t *to = (int8_t *)scratch;
      for (int32_t i = 0; i < block.pixels; ++i) {
        to = conv2d_s8_m3_window(p, rows, column + i * p->stride_width, to);
      }
      block.rows = copied;
      block.rows_step = 1;
      block.offset = 0;
      block.runs = 1;
      block.length = p->kernel_height * p->kernel_width * p->channels;
      block.across = block.length;
    }
    if (block.pixels == 1) {
      block.across = 0;
    }
    conv2d_s8_m3_channels(p, &block, out + x * p->filters);
  }
}

#endif
