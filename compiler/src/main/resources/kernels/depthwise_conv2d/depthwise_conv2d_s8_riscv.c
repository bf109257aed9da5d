/* Convolution of each channel by itself for RISC-V, int8: output row [W][C] from KH input rows
 * [W][C]. Four channels of two pixels are summed at once. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize_s8_riscv.h"

typedef struct {
  const int8_t *filter;      /* [KH][KW][C] */
  const int32_t *bias;       /* [C], less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier; /* [C], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  int32_t input_width;
  int32_t channels; /* C */
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
} depthwise_conv2d_s8_riscv_params;

/* Two pixels: their sums, [4 channels][2 pixels], and where each kernel row begins. */
typedef struct {
  const void *const *rows;
  int32_t column; /* of the first pixel's first tap */
  int32_t second; /* the bytes from the first pixel's taps to the second's */
  uint32_t sums[8];
} depthwise_conv2d_s8_riscv_pair;

/* Adds the products of all taps, which lie within the map's columns, for four adjoining channels of
 * two pixels. Rows outside of the map see the zero point. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_riscv_four(
    const depthwise_conv2d_s8_riscv_params *p, depthwise_conv2d_s8_riscv_pair *pair,
    int32_t channel) {
  uint32_t a0 = pair->sums[0], a1 = pair->sums[2], a2 = pair->sums[4], a3 = pair->sums[6];
  uint32_t b0 = pair->sums[1], b1 = pair->sums[3], b2 = pair->sums[5], b3 = pair->sums[7];
  const int8_t *w = p->filter + channel;
  int32_t channels = p->channels;
  int32_t step = p->dilation_width * channels;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)pair->rows[ky * p->dilation_height];
    const int8_t *end = w + p->kernel_width * channels;
    if (row) {
      const int8_t *x = row + (pair->column * channels + channel);
      const int8_t *y = x + pair->second;
      do {
        int32_t w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3];
        a0 += (uint32_t)(x[0] * w0);
        a1 += (uint32_t)(x[1] * w1);
        a2 += (uint32_t)(x[2] * w2);
        a3 += (uint32_t)(x[3] * w3);
        b0 += (uint32_t)(y[0] * w0);
        b1 += (uint32_t)(y[1] * w1);
        b2 += (uint32_t)(y[2] * w2);
        b3 += (uint32_t)(y[3] * w3);
        x += step;
        y += step;
        w += channels;
      } while (w != end);
    } else {
      int32_t zero = p->input_zero_point;
      do {
        uint32_t z0 = (uint32_t)(zero * w[0]), z1 = (uint32_t)(zero * w[1]);
        uint32_t z2 = (uint32_t)(zero * w[2]), z3 = (uint32_t)(zero * w[3]);
        a0 += z0;
        a1 += z1;
        a2 += z2;
        a3 += z3;
        b0 += z0;
        b1 += z1;
        b2 += z2;
        b3 += z3;
        w += channels;
      } while (w != end);
    }
  }
  pair->sums[0] = a0;
  pair->sums[1] = b0;
  pair->sums[2] = a1;
  pair->sums[3] = b1;
  pair->sums[4] = a2;
  pair->sums[5] = b2;
  pair->sums[6] = a3;
  pair->sums[7] = b3;
}

/* Adds the products of all taps of one channel and pixel. Those outside of the map see the zero
 * point. */
static THIMBLE_NOINLINE uint32_t depthwise_conv2d_s8_riscv_one(
    const depthwise_conv2d_s8_riscv_params *p, const depthwise_conv2d_s8_riscv_pair *pair,
    int32_t channel, int32_t column, uint32_t sum) {
  const int8_t *w = p->filter + channel;
  int32_t channels = p->channels;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)pair->rows[ky * p->dilation_height];
    int32_t at = column;
    for (int32_t tap = 0; tap < p->kernel_width; ++tap, at += p->dilation_width) {
      int32_t value = p->input_zero_point;
      if (row && at >= 0 && at < p->input_width) {
        value = row[at * channels + channel];
      }
      sum += (uint32_t)(value * *w);
      w += channels;
    }
  }
  return sum;
}

/* Requantises the sums of one channel and stores them, `pixels` of them. */
static THIMBLE_INLINE void depthwise_conv2d_s8_riscv_store(
    const depthwise_conv2d_s8_riscv_params *p, const uint32_t *sums, int32_t channel,
    int32_t pixels, int8_t *to) {
  int32_t entry = p->per_channel ? channel : 0;
  requantize_s8_riscv_channel constants =
      requantize_s8_riscv_of(p->multiplier[entry], p->shift[entry]);
  int32_t value = requantize_s8_riscv((int32_t)sums[0], &constants, 0);
  to[0] = (int8_t)(thimble_clamp(value, p->min, p->max) + p->output_zero_point);
  if (pixels == 2) {
    value = requantize_s8_riscv((int32_t)sums[1], &constants, 0);
    to[p->channels] = (int8_t)(thimble_clamp(value, p->min, p->max) + p->output_zero_point);
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_riscv(const void *params, const void *const *rows,
                                                       int32_t x0, int32_t x1, void *out,
                                                       void *scratch) {
  const depthwise_conv2d_s8_riscv_params *p = (const depthwise_conv2d_s8_riscv_params *)params;
  int32_t channels = p->channels;
  int32_t span = (p->kernel_width - 1) * p->dilation_width + 1;
  int32_t pixels;
  depthwise_conv2d_s8_riscv_pair pair;
  pair.rows = rows;
  (void)scratch;
  for (int32_t x = x0; x < x1; x += pixels) {
    int32_t column = x * p->stride_width - p->left;
    int32_t inside = column >= 0 && column + span <= p->input_width;
    int8_t *to = (int8_t *)out + x * channels;
    pair.column = column;
    /* A pixel at the map's edge, and the last one, is computed by itself. */
    pixels = inside && x + 1 < x1 && column + p->stride_width + span <= p->input_width ? 2 : 1;
    pair.second = pixels == 2 ? p->stride_width * channels : 0;
    for (int32_t channel = 0; channel < channels;) {
      int32_t lanes = inside && channels - channel >= 4 ? 4 : 1;
      for (int32_t j = 0; j < lanes; ++j) {
        pair.sums[2 * j] = pair.sums[2 * j + 1] = (uint32_t)p->bias[channel + j];
      }
      if (lanes == 4) {
        depthwise_conv2d_s8_riscv_four(p, &pair, channel);
      } else {
        for (int32_t i = 0; i < pixels; ++i) {
          pair.sums[i] = depthwise_conv2d_s8_riscv_one(p, &pair, channel,
                                                       column + i * p->stride_width, pair.sums[i]);
        }
      }
      for (int32_t j = 0; j < lanes; ++j, ++channel) {
        depthwise_conv2d_s8_riscv_store(p, pair.sums + 2 * j, channel, pixels, to + channel);
      }
    }
  }
}
