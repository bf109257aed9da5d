/* Convolution for RISC-V, int8, of pairs of pixels: output row [W][O] from KH input rows [W][C]. */
#include <stdint.h>

#include "common/function.h"
#include "common/pairs_s8_riscv.h"

typedef struct {
  const int8_t *filter;      /* as in pairs_s8_riscv_block, likewise the next four */
  const int16_t *groups;    /* [(O + 1) / 2] */
  const int32_t *bias;       /* less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier;
  const int8_t *shift;
  int32_t input_width;
  int32_t channels; /* C */
  int32_t filters;  /* O */
  int32_t units;    /* of two taps, rounded up */
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
  uint8_t beyond;      /* 1: windows may reach beyond the map */
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* [O] of the biases, in units of 2^-8, or null */
#endif
} conv2d_pairs_s8_riscv_params;

#define THIMBLE_RISCV_PAIR(first, second) (uint32_t)((first) + (second) * 65536)

/* Writes the words of `count` elements of four pixels. */
static THIMBLE_NOINLINE uint32_t *conv2d_pairs_s8_riscv_words(const int8_t *const *pixels,
                                                              int32_t count, uint32_t *to) {
  const int8_t *a = pixels[0], *b = pixels[1], *c = pixels[2], *d = pixels[3];
  uint32_t *end = to + 2 * (count & 3);
  for (; to != end; to += 2) {
    to[0] = THIMBLE_RISCV_PAIR(*a++, *b++);
    to[1] = THIMBLE_RISCV_PAIR(*c++, *d++);
  }
  for (end += 2 * (count & ~3); to != end; to += 8) {
    to[0] = THIMBLE_RISCV_PAIR(a[0], b[0]);
    to[1] = THIMBLE_RISCV_PAIR(c[0], d[0]);
    to[2] = THIMBLE_RISCV_PAIR(a[1], b[1]);
    to[3] = THIMBLE_RISCV_PAIR(c[1], d[1]);
    to[4] = THIMBLE_RISCV_PAIR(a[2], b[2]);
    to[5] = THIMBLE_RISCV_PAIR(c[2], d[2]);
    to[6] = THIMBLE_RISCV_PAIR(a[3], b[3]);
    to[7] = THIMBLE_RISCV_PAIR(c[3], d[3]);
    a += 4;
    b += 4;
    c += 4;
    d += 4;
  }
  return to;
}

/* Writes the words of all taps of pixels whose windows begin at these columns; the elements of
 * pixels beside the map are at `outside`. */
static THIMBLE_NOINLINE void conv2d_pairs_s8_riscv_window(const conv2d_pairs_s8_riscv_params *p,
                                                          const void *const *rows,
                                                          const int32_t *columns,
                                                          const int8_t *outside, uint32_t *to) {
  const int8_t *pixels[4];
  int32_t channels = p->channels;
  int32_t taps = p->kernel_width;
  int32_t last = columns[3] + (taps - 1) * p->dilation_width;
  int32_t whole = (taps == 1 || p->dilation_width == 1) && columns[0] >= 0 && last < p->input_width;
  uint32_t *end = to + 4 * p->units;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    if (whole && row) {
      for (int32_t i = 0; i < 4; ++i) {
        pixels[i] = row + columns[i] * channels;
      }
      to = conv2d_pairs_s8_riscv_words(pixels, taps * channels, to);
      continue;
    }
    for (int32_t tap = 0; tap < taps; ++tap) {
      for (int32_t i = 0; i < 4; ++i) {
        int32_t at = columns[i] + tap * p->dilation_width;
        pixels[i] = row && at >= 0 && at < p->input_width ? row + at * channels : outside;
      }
      to = conv2d_pairs_s8_riscv_words(pixels, channels, to);
    }
  }
  while (to != end) {
    *to++ = 0;
  }
}

/* Scratch holds the words of four pixels, then a pixel beside the map. */
static THIMBLE_NOINLINE void conv2d_pairs_s8_riscv(const void *params, const void *const *rows,
                                                   int32_t x0, int32_t x1, void *out,
                                                   void *scratch) {
  const conv2d_pairs_s8_riscv_params *p = (const conv2d_pairs_s8_riscv_params *)params;
  uint32_t *words = (uint32_t *)scratch;
  int8_t *outside = (int8_t *)(words + 4 * p->units);
  pairs_s8_riscv_block block;
  int32_t pixels;
  if (p->beyond) {
    for (int32_t channel = 0; channel < p->channels; ++channel) {
      outside[channel] = p->input_zero_point;
    }
  }
  block.lacking = -p->units & 3;
  block.words = (intptr_t)words - 16 * block.lacking;
  block.end = (intptr_t)words + 16 * p->units;
  block.multiplier_step = p->per_channel ? 4 : 0;
  block.shift_step = p->per_channel;
  block.min = p->min + p->output_zero_point;
  block.max = p->max + p->output_zero_point;
  block.rounding = 64 * (2 * p->output_zero_point + 1);
  block.clamped = p->min == 0;
  for (int32_t x = x0; x < x1; x += pixels) {
    int32_t columns[4];
    int32_t last;
    pixels = x1 - x < 4 ? x1 - x : 4;
    last = pixels - 1;
    for (int32_t i = 0; i < 4; ++i) {
      columns[i] = (x + (i < last ? i : last)) * p->stride_width - p->left;
    }
    conv2d_pairs_s8_riscv_window(p, rows, columns, outside, words);
    block.filter = p->filter;
    block.groups = p->groups;
    block.bias = p->bias;
    block.multiplier = p->multiplier;
    block.shift = p->shift;
    block.channels = p->filters;
#ifdef THIMBLE_BIAS_FRACTIONS
    static const uint8_t zeros[2] = {0, 0};
    block.fraction = p->fraction ? p->fraction : zeros;
    block.fraction_step = p->fraction ? 2 : 0;
#endif
    /* What is beyond the last pixel repeats it. */
    block.out = (int8_t *)out + x * p->filters;
    block.out1 = last > 0 ? p->filters : 0;
    block.out2 = last > 1 ? 2 * p->filters : block.out1;
    block.out3 = last > 2 ? 3 * p->filters : block.out2;
    pairs_s8_riscv(&block);
  }
}
