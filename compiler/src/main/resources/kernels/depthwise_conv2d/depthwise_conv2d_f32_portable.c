/* Convolution of each channel by itself, float: output row [W][C * M] from KH input rows [W][C].
 * Products are summed from zero in the order row, column; then the bias is added and the sum
 * clamped. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const float *filter; /* [KH][KW][C * M] */
  const float *bias;   /* [C * M] */
  int32_t input_width;
  int32_t channels; /* C, of an input pixel */
  float min;        /* the bounds of the activation */
  float max;
  uint16_t channel_multiplier; /* M */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
} depthwise_conv2d_f32_params;

static THIMBLE_NOINLINE void depthwise_conv2d_f32(const void *params, const void *const *rows,
                                                  int32_t x0, int32_t x1, void *out,
                                                  void *scratch) {
  const depthwise_conv2d_f32_params *p = (const depthwise_conv2d_f32_params *)params;
  int32_t filters = p->channels * p->channel_multiplier;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    float *to = (float *)out + x * filters;
    for (int32_t channel = 0; channel < filters; ++channel) {
      int32_t source = channel / p->channel_multiplier;
      const float *w = p->filter + channel;
      float sum = 0.0f;
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        const float *row = (const float *)rows[ky * p->dilation_height];
        for (int32_t kx = 0; kx < p->kernel_width; ++kx) {
          int32_t at = column + kx * p->dilation_width;
          if (row && at >= 0 && at < p->input_width) {
            sum += *w * row[at * p->channels + source];
          }
          w += filters;
        }
      }
      sum += p->bias[channel];
      to[channel] = sum < p->min ? p->min : sum > p->max ? p->max : sum;
    }
  }
}
