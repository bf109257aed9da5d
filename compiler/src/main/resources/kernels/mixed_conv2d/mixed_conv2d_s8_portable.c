/* Convolution of int8 by a filter with a zero point (docs/quantization.md, rules Q6 and Q8): output
 * row [W][O] from the input rows [W][C] that the window spans. */
#include <stdint.h>

#include "common/function.h"
#include "common/mixed_window.h"
#include "common/requantize.h"

typedef struct {
  const int8_t *filter; /* [O][KH][KW][I] */
  const int32_t *bias;  /* [O] */
  mixed_window window;
  int32_t multiplier;
  int16_t min; /* the bounds of the activation, less the output's zero point */
  int16_t max;
  int8_t shift;
  int8_t input_zero_point;
  int8_t filter_zero_point;
  int8_t output_zero_point;
} mixed_conv2d_s8_params;

/* The products of a filter and the window that begins at a column. */
static THIMBLE_NOINLINE int32_t mixed_conv2d_s8_sum(const mixed_conv2d_s8_params *p,
                                                    const void *const *rows, int32_t column,
                                                    int32_t channel, const int8_t *w) {
  const mixed_window *window = &p->window;
  int32_t sum = 0;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * window->dilation_height];
    for (int32_t kx = 0; kx < window->kernel_width; ++kx) {
      int32_t at = column + kx * window->dilation_width;
      if (row && at >= 0 && at < window->input_width) {
        const int8_t *x = row + (at * window->channels + channel);
        for (int32_t i = 0; i < window->depth; ++i) {
          sum += (x[i] - p->input_zero_point) * (w[i] - p->filter_zero_point);
        }
      }
      w += window->depth;
    }
  }
  return sum;
}

static THIMBLE_NOINLINE void mixed_conv2d_s8(const void *params, const void *const *rows,
                                             int32_t x0, int32_t x1, void *out, void *scratch) {
  const mixed_conv2d_s8_params *p = (const mixed_conv2d_s8_params *)params;
  const mixed_window *window = &p->window;
  int32_t volume = window->kernel_height * window->kernel_width * window->depth;
  int8_t *to = (int8_t *)out + x0 * window->filters;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * window->stride_width - window->left;
    for (int32_t o = 0; o < window->filters; ++o) {
      int32_t channel = o / window->group_filters * window->depth;
      int32_t sum = mixed_conv2d_s8_sum(p, rows, column, channel, p->filter + o * volume);
      sum = thimble_requantize(p->bias[o] + sum, p->multiplier, p->shift);
      *to++ = (int8_t)(thimble_clamp(sum, p->min, p->max) + p->output_zero_point);
    }
  }
}
