/* Convolution of each channel by itself, int8: output row [W][C * M] from KH input rows [W][C]. */
#include <stdint.h>

#include "common/bias_fraction.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  const int8_t *filter;      /* [KH][KW][C * M] */
  const int32_t *bias;       /* [C * M], less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier; /* [C * M], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  int32_t input_width;
  int32_t channels;            /* C, of an input pixel */
  uint16_t channel_multiplier; /* M */
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
  const uint8_t *fraction; /* [C * M] of the biases, in units of 2^-8, or null */
#endif
} depthwise_conv2d_s8_params;

/* Adds the products of one or, with `lanes` 4, four adjoining channels to their sums. A tap outside
 * of the map sees the zero point, as the folded bias presumes. Sums are modulo 2^32.
 *   column  the input column of the first tap; taps [begin, end) lie within the map
 *   source  the input channel */
static THIMBLE_SPECIALIZED void depthwise_conv2d_s8_sums(const depthwise_conv2d_s8_params *p,
                                                         const void *const *rows, int32_t column,
                                                         int32_t begin, int32_t end, int32_t source,
                                                         const int8_t *w, int32_t lanes,
                                                         uint32_t *sums) {
  uint32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  int32_t filters = p->channels * p->channel_multiplier;
  int32_t step = p->dilation_width * p->channels;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t tap = 0;
    do {
      if (row && tap >= begin && tap < end) {
        const int8_t *x = row + ((column + tap * p->dilation_width) * p->channels + source);
        do {
          s0 += (uint32_t)(x[0] * w[0]);
          if (lanes == 4) {
            s1 += (uint32_t)(x[1] * w[1]);
            s2 += (uint32_t)(x[2] * w[2]);
            s3 += (uint32_t)(x[3] * w[3]);
          }
          x += step;
          w += filters;
        } while (++tap < end);
      } else {
        int32_t value = p->input_zero_point;
        s0 += (uint32_t)(value * w[0]);
        if (lanes == 4) {
          s1 += (uint32_t)(value * w[1]);
          s2 += (uint32_t)(value * w[2]);
          s3 += (uint32_t)(value * w[3]);
        }
        w += filters;
        ++tap;
      }
    } while (tap < p->kernel_width);
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8(const void *params, const void *const *rows,
                                                 int32_t x0, int32_t x1, void *out, void *scratch) {
  const depthwise_conv2d_s8_params *p = (const depthwise_conv2d_s8_params *)params;
  int32_t filters = p->channels * p->channel_multiplier;
  int8_t *to = (int8_t *)out + x0 * filters;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t begin = 0;
    while (begin < p->kernel_width && column + begin * p->dilation_width < 0) {
      ++begin;
    }
    int32_t end = begin;
    while (end < p->kernel_width && column + end * p->dilation_width < p->input_width) {
      ++end;
    }
    int32_t lanes;
    for (int32_t channel = 0; channel < filters; channel += lanes) {
      uint32_t sums[4] = {0, 0, 0, 0};
      lanes = p->channel_multiplier == 1 && filters - channel >= 4 ? 4 : 1;
      if (lanes == 4) {
        depthwise_conv2d_s8_sums(p, rows, column, begin, end, channel, p->filter + channel, 4,
                                 sums);
      } else {
        depthwise_conv2d_s8_sums(p, rows, column, begin, end, channel / p->channel_multiplier,
                                 p->filter + channel, 1, sums);
      }
      for (int32_t j = channel; j < channel + lanes; ++j) {
        int32_t entry = p->per_channel ? j : 0;
        int32_t sum = (int32_t)(sums[j - channel] + (uint32_t)p->bias[j]);
        int32_t value = thimble_requantize_bias(sum, THIMBLE_FRACTION(p, j), p->multiplier[entry],
                                                p->shift[entry]);
        *to++ = (int8_t)(thimble_clamp(value, p->min, p->max) + p->output_zero_point);
      }
    }
  }
}
