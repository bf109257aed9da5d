/* Convolution of each channel by itself with 3 x 3 taps and a stride of 1 or 2 for RISC-V, int8:
 * output row [W][C] from 3 input rows [W][C]. */
#include <stdint.h>

#include "common/depthwise_3x3_s8_riscv.h"
#include "common/function.h"
#include "common/requantize_s8_riscv.h"

typedef struct {
  const int8_t *filter;      /* [C][3][3] */
  const int32_t *bias;       /* [C], less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier; /* [C], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation, less the output's zero point */
  int16_t max;
  int8_t input_zero_point;
  int8_t output_zero_point;
  uint8_t per_channel; /* 1: multiplier and shift have an entry for each channel */
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* [C] of the biases, in units of 2^-8, or null */
#endif
} depthwise_conv2d_3x3_s8_riscv_params;

/* The most pixels whose first channel is computed before the second one of any. */
#define THIMBLE_RISCV_3X3_PIXELS 16

/* Computes a pixel wherever it lies. */
static THIMBLE_NOINLINE void depthwise_conv2d_3x3_s8_riscv_one(
    const depthwise_conv2d_3x3_s8_riscv_params *p, const void *const *rows, int32_t column,
    int8_t *to) {
  const int8_t *w = p->filter;
  for (int32_t channel = 0; channel < p->channels; ++channel) {
    int32_t entry = p->per_channel ? channel : 0;
    requantize_s8_riscv_channel constants =
        requantize_s8_riscv_of(p->multiplier[entry], p->shift[entry]);
    uint32_t sum = (uint32_t)p->bias[channel];
    for (int32_t ky = 0; ky < 3; ++ky) {
      const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
      for (int32_t at = column; at < column + 3; ++at) {
        int32_t value = p->input_zero_point;
        if (row && at >= 0 && at < p->input_width) {
          value = row[at * p->channels + channel];
        }
        sum += (uint32_t)(value * *w++);
      }
    }
    int32_t value =
        requantize_s8_riscv((int32_t)sum, THIMBLE_FRACTION(p, channel), &constants, 0);
    *to++ = (int8_t)(thimble_clamp(value, p->min, p->max) + p->output_zero_point);
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_3x3_s8_riscv(const void *params,
                                                            const void *const *rows, int32_t x0,
                                                            int32_t x1, void *out, void *scratch) {
  const depthwise_conv2d_3x3_s8_riscv_params *p =
      (const depthwise_conv2d_3x3_s8_riscv_params *)params;
  int32_t channels = p->channels;
  int32_t stride = p->stride_width;
  depthwise_3x3_s8_riscv_block block;
  const int8_t *seen[3];
  const int8_t *any = 0;
  int32_t pixels;
  (void)scratch;
#ifdef THIMBLE_BIAS_FRACTIONS
  block.fraction = p->fraction;
#endif
  block.outside = 0;
  for (int32_t ky = 0; ky < 3; ++ky) {
    seen[ky] = (const int8_t *)rows[ky * p->dilation_height];
    if (seen[ky]) {
      any = seen[ky];
    } else {
      block.outside += 1 << ky;
    }
  }
  block.channels = channels;
  block.bias = p->bias;
  block.multiplier = p->multiplier;
  block.shift = p->shift;
  block.per_channel = p->per_channel;
  block.min = p->min + p->output_zero_point;
  block.max = p->max + p->output_zero_point;
  block.rounding = 64 * (2 * p->output_zero_point + 1);
  block.zero = p->input_zero_point;
  block.twice = stride - 1;
  block.clamped = p->min == 0;
  for (int32_t x = x0; x < x1; x += pixels) {
    int32_t column = x * stride - p->left;
    int32_t last = column + 2; /* the last pixel's last column */
    int8_t *to = (int8_t *)out + x * channels;
    pixels = 1;
    if (!any || column < -1 || last > p->input_width) {
      depthwise_conv2d_3x3_s8_riscv_one(p, rows, column, to);
      continue;
    }
    while (x + pixels < x1 && pixels < THIMBLE_RISCV_3X3_PIXELS &&
           last + stride <= p->input_width) {
      ++pixels;
      last += stride;
    }
    block.left = column < 0;
    block.right = last == p->input_width;
    column = (column + (int32_t)block.left) * channels;
    block.row0 = (seen[0] ? seen[0] : any) + column;
    block.row1 = (seen[1] ? seen[1] : any) + column;
    block.row2 = (seen[2] ? seen[2] : any) + column;
    block.out = to;
    block.inside = (pixels - (int32_t)block.right) * channels;
    block.filter = p->filter;
    depthwise_3x3_s8_riscv_pixels(&block);
  }
}
