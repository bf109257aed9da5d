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
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* [O] of the biases, in units of 2^-8, or null */
#endif
  uint8_t fast;        /* 1: requantize_s8_riscv serves; where it does not, pixels come singly */
} conv2d_s8_riscv_params;

/* The most rows of a kernel whose taps are read where they lie. */
#define THIMBLE_RISCV_RUNS 11

/* The stored output of a sum. */
static THIMBLE_INLINE int8_t conv2d_s8_riscv_output(const conv2d_s8_riscv_params *p, uint32_t sum,
                                                    int32_t fraction, int32_t multiplier,
                                                    int32_t shift) {
  int32_t value;
  if (p->fast) {
    requantize_s8_riscv_channel constants = requantize_s8_riscv_of(multiplier, shift);
    value = requantize_s8_riscv((int32_t)sum, fraction, &constants, 0);
  } else {
    value = thimble_requantize_bias((int32_t)sum, fraction, multiplier, shift);
  }
  return (int8_t)(thimble_clamp(value, p->min, p->max) + p->output_zero_point);
}

/* Adds a run's products for one pixel and one channel. */
static THIMBLE_NOINLINE uint32_t conv2d_s8_riscv_sum(const int8_t *x, const int8_t *w,
                                                     int32_t count, uint32_t sum) {
  const int8_t *end = x + (count & ~1);
  if (count & 1) {
    sum += (uint32_t)(*x++ * *w++);
    ++end;
  }
  while (x != end) {
    sum += (uint32_t)(x[0] * w[0] + x[1] * w[1]);
    x += 2;
    w += 2;
  }
  return sum;
}

/* Computes the channels beyond the last block of four, one by one. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_rest(const conv2d_s8_riscv_params *p,
                                                  const gemm_s8_riscv_block *block, int32_t pixels,
                                                  int8_t *out) {
  int32_t length = (int32_t)block->length;
  for (int32_t channel = p->filters & ~3; channel < p->filters; ++channel) {
    int32_t entry = p->per_channel ? channel : 0;
    const int8_t *filter = p->filter + channel * (length * (int32_t)block->run_count);
    for (int32_t i = 0; i < pixels; ++i) {
      intptr_t across = i == 0 ? 0 : (&block->across1)[i - 1];
      const int8_t *w = filter;
      uint32_t sum = (uint32_t)p->bias[channel];
      for (int32_t run = 0; run < block->run_count; ++run, w += length) {
        sum = conv2d_s8_riscv_sum(block->runs[run] + across, w, length, sum);
      }
      out[i * p->filters + channel] =
          conv2d_s8_riscv_output(p, sum, THIMBLE_FRACTION(p, channel), p->multiplier[entry],
                                 p->shift[entry]);
    }
  }
}

/* The products of the tap `at` of one pixel and eight channels' filters. */
#define THIMBLE_RISCV_EIGHT(at, w0, w1, w2, w3) \
  "lb   %[a], " at "(%[x])\n"                    \
  "lb   %[t], " w0 "(%[w])\n"                   \
  "lb   %[u], " w1 "(%[w])\n"                   \
  "mul  %[t], %[a], %[t]\n"                     \
  "mul  %[u], %[a], %[u]\n"                     \
  "add  %[s0], %[s0], %[t]\n"                   \
  "add  %[s1], %[s1], %[u]\n"                   \
  "lb   %[t], " w2 "(%[w])\n"                   \
  "lb   %[u], " w3 "(%[w])\n"                   \
  "mul  %[t], %[a], %[t]\n"                     \
  "mul  %[u], %[a], %[u]\n"                     \
  "add  %[s2], %[s2], %[t]\n"                   \
  "add  %[s3], %[s3], %[u]\n"                   \
  "lb   %[t], " w0 "(%[v])\n"                   \
  "lb   %[u], " w1 "(%[v])\n"                   \
  "mul  %[t], %[a], %[t]\n"                     \
  "mul  %[u], %[a], %[u]\n"                     \
  "add  %[s4], %[s4], %[t]\n"                   \
  "add  %[s5], %[s5], %[u]\n"                   \
  "lb   %[t], " w2 "(%[v])\n"                   \
  "lb   %[u], " w3 "(%[v])\n"                   \
  "mul  %[t], %[a], %[t]\n"                     \
  "mul  %[u], %[a], %[u]\n"                     \
  "add  %[s6], %[s6], %[t]\n"                   \
  "add  %[s7], %[s7], %[u]\n"

/* Adds a run's products for one pixel and eight channels, whose second four filters lie `second`
 * bytes behind the first. Compilers would spill the sums. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_eight(const int8_t *x, const int8_t *w,
                                                   int32_t second, int32_t count,
                                                   uint32_t *sums) {
  uint32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  uint32_t s4 = sums[4], s5 = sums[5], s6 = sums[6], s7 = sums[7];
  const int8_t *v = w + second;
  const int8_t *end = x + (count & 3);
  uint32_t a, t, u;
  __asm__ volatile(
      "beq  %[x], %[end], 2f\n"
      "1:\n" THIMBLE_RISCV_EIGHT("0", "0", "1", "2", "3")
      "addi %[x], %[x], 1\n"
      "addi %[w], %[w], 4\n"
      "addi %[v], %[v], 4\n"
      "bne  %[x], %[end], 1b\n"
      "2:\n"
      "add  %[end], %[end], %[rest]\n"
      "beq  %[x], %[end], 4f\n"
      "3:\n" THIMBLE_RISCV_EIGHT("0", "0", "1", "2", "3")
      THIMBLE_RISCV_EIGHT("1", "4", "5", "6", "7") THIMBLE_RISCV_EIGHT("2", "8", "9", "10", "11")
      THIMBLE_RISCV_EIGHT("3", "12", "13", "14", "15")
      "addi %[x], %[x], 4\n"
      "addi %[w], %[w], 16\n"
      "addi %[v], %[v], 16\n"
      "bne  %[x], %[end], 3b\n"
      "4:\n"
      : [x] "+r"(x), [w] "+r"(w), [v] "+r"(v), [end] "+r"(end), [s0] "+r"(s0), [s1] "+r"(s1),
        [s2] "+r"(s2), [s3] "+r"(s3), [s4] "+r"(s4), [s5] "+r"(s5), [s6] "+r"(s6), [s7] "+r"(s7),
        [a] "=&r"(a), [t] "=&r"(t), [u] "=&r"(u)
      : [rest] "r"((intptr_t)(count & ~3))
      : "memory");
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
  sums[4] = s4;
  sums[5] = s5;
  sums[6] = s6;
  sums[7] = s7;
}

/* Computes all blocks of four channels of a single pixel, two at once; of the last one alone, both
 * halves are the same. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_single(const conv2d_s8_riscv_params *p,
                                                    const gemm_s8_riscv_block *block,
                                                    int8_t *out) {
  int32_t length = (int32_t)block->length;
  int32_t runs = (int32_t)block->run_count;
  int32_t step = p->per_channel;
  int32_t filters = p->filters & ~3;
  int32_t lanes;
  const int8_t *filter = p->filter;
  const int32_t *bias = p->bias;
  const int32_t *multiplier = p->multiplier;
  const int8_t *shift = p->shift;
  for (int32_t channel = 0; channel < filters; channel += lanes) {
    uint32_t sums[8];
    const int8_t *w = filter;
    lanes = filters - channel < 8 ? 4 : 8;
    for (int32_t j = 0; j < lanes; ++j) {
      sums[j] = (uint32_t)*bias++;
      sums[j + 8 - lanes] = sums[j];
    }
    for (int32_t run = 0; run < runs; ++run, w += 4 * length) {
      conv2d_s8_riscv_eight(block->runs[run], w, lanes == 8 ? 4 * length * runs : 0, length, sums);
    }
    for (int32_t j = 0; j < lanes; ++j) {
      *out++ = conv2d_s8_riscv_output(p, sums[j], THIMBLE_FRACTION(p, channel + j), *multiplier,
                                      *shift);
      multiplier += step;
      shift += step;
    }
    filter += lanes * length * runs;
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

/* Computes a block whose runs and their distances are known. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_channels(const conv2d_s8_riscv_params *p,
                                                      gemm_s8_riscv_block *block, int32_t pixels,
                                                      int8_t *out) {
  int32_t multipliers[4] = {0, 0, 0, 0};
  int8_t shifts[4] = {0, 0, 0, 0};
  block->filter = p->filter;
  block->bias = p->bias;
  block->multiplier = p->multiplier;
  block->shift = p->shift;
  block->multiplier_step = 16;
  block->shift_step = 4;
  if (!p->per_channel) {
    for (int32_t i = 0; i < 4; ++i) {
      multipliers[i] = p->multiplier[0];
      shifts[i] = p->shift[0];
    }
    block->multiplier = multipliers;
    block->shift = shifts;
    block->multiplier_step = 0;
    block->shift_step = 0;
  }
#ifdef THIMBLE_BIAS_FRACTIONS
  static const uint8_t zeros[4] = {0, 0, 0, 0};
  block->fraction = p->fraction ? p->fraction : zeros;
  block->fraction_step = p->fraction ? 4 : 0;
#endif
  block->out = out;
  block->fours = p->filters >> 2;
  if (pixels == 1) {
    conv2d_s8_riscv_single(p, block, out);
  } else if (block->fours > 0) {
    gemm_s8_riscv_four(block);
  }
  if (p->filters & 3) {
    conv2d_s8_riscv_rest(p, block, pixels, out);
  }
}

/* Scratch holds the windows of four pixels that reach beyond the map. */
static THIMBLE_NOINLINE void conv2d_s8_riscv_tile(const conv2d_s8_riscv_params *p,
                                                  const void *const *rows, int32_t x0, int32_t x1,
                                                  int8_t *out, void *scratch) {
  const int8_t *runs[THIMBLE_RISCV_RUNS];
  int32_t run = p->kernel_width * p->channels;
  int32_t pixels;
  gemm_s8_riscv_block block;
  block.runs = runs;
  block.min = p->min + p->output_zero_point;
  block.max = p->max + p->output_zero_point;
  block.rounding = 64 * (2 * p->output_zero_point + 1);
  block.clamped = p->min == 0;
  for (int32_t x = x0; x < x1; x += pixels) {
    int32_t column = x * p->stride_width - p->left;
    int32_t step = p->stride_width * p->channels;
    int32_t last;
    pixels = x1 - x < 4 ? x1 - x : 4;
    last = pixels - 1;
    if (p->kernel_height <= THIMBLE_RISCV_RUNS &&
        conv2d_s8_riscv_inside(p, rows, column, last * p->stride_width + p->kernel_width)) {
      block.run_count = p->kernel_height;
      block.length = run;
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        runs[ky] = (const int8_t *)rows[ky * p->dilation_height] + column * p->channels;
      }
    } else {
      int8_t *to = (int8_t *)scratch;
      runs[0] = to;
      for (int32_t i = 0; i < pixels; ++i) {
        to = conv2d_s8_riscv_window(p, rows, column + i * p->stride_width, to);
      }
      step = p->kernel_height * run;
      block.run_count = 1;
      block.length = step;
    }
    /* What is beyond the last pixel repeats it. */
    block.across1 = last > 0 ? step : 0;
    block.across2 = last > 1 ? 2 * step : block.across1;
    block.across3 = last > 2 ? 3 * step : block.across2;
    block.out1 = last > 0 ? p->filters : 0;
    block.out2 = last > 1 ? 2 * p->filters : block.out1;
    block.out3 = last > 2 ? 3 * p->filters : block.out2;
    conv2d_s8_riscv_channels(p, &block, pixels, out + x * p->filters);
  }
}

#endif
