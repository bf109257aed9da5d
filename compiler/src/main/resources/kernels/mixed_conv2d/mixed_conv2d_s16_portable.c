/* Convolution of int16 by a filter of int8 (docs/quantization.md, rules Q6 to Q8 and Q61): output
 * row [W][O] from the input rows [W][C] that the window spans. */
#include <stdint.h>

#include "common/function.h"
#include "common/mixed_window.h"
#include "common/requantize.h"
#include "common/requantize_wide.h"

typedef struct {
  const int8_t *filter;      /* [O][KH][KW][I] */
  const int32_t *bias;       /* [O], the lower halves */
  const int32_t *bias_high;  /* [O], or null where those are all */
  const int32_t *multiplier; /* [O], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  mixed_window window;
  int16_t min; /* the bounds of the activation */
  int16_t max;
  uint8_t per_channel; /* 1: multiplier and shift have an entry for each channel */
  uint8_t wide;        /* 1: sums have 64 bits */
} mixed_conv2d_s16_params;

/* The products of a filter and the window that begins at a column. */
static THIMBLE_NOINLINE int64_t mixed_conv2d_s16_sum(const mixed_window *window,
                                                     const void *const *rows, int32_t column,
                                                     int32_t channel, const int8_t *w) {
  int64_t sum = 0;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const int16_t *row = (const int16_t *)rows[ky * window->dilation_height];
    for (int32_t kx = 0; kx < window->kernel_width; ++kx) {
      int32_t at = column + kx * window->dilation_width;
      if (row && at >= 0 && at < window->input_width) {
        const int16_t *x = row + (at * window->channels + channel);
        const int8_t *end = w + window->depth;
        while (w < end) {
          /* So many products fit 32 bits, whatever they are. */
          const int8_t *part_end = end - w > 512 ? w + 512 : end;
          int32_t part = 0;
          while (w < part_end) {
            part += (int32_t)*x++ * *w++;
          }
          sum += part;
        }
      } else {
        w += window->depth;
      }
    }
  }
  return sum;
}

static THIMBLE_NOINLINE void mixed_conv2d_s16(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  const mixed_conv2d_s16_params *p = (const mixed_conv2d_s16_params *)params;
  const mixed_window *window = &p->window;
  int32_t volume = window->kernel_height * window->kernel_width * window->depth;
  int16_t *to = (int16_t *)out + x0 * window->filters;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * window->stride_width - window->left;
    for (int32_t o = 0; o < window->filters; ++o) {
      int32_t channel = o / window->group_filters * window->depth;
      int32_t entry = p->per_channel ? o : 0;
      int64_t sum = mixed_conv2d_s16_sum(window, rows, column, channel, p->filter + o * volume);
      sum += thimble_wide(p->bias, p->bias_high, o);
      int32_t scaled =
          p->wide ? thimble_requantize_wide(sum, p->multiplier[entry], p->shift[entry])
                  : thimble_requantize((int32_t)sum, p->multiplier[entry], p->shift[entry]);
      *to++ = (int16_t)thimble_clamp(scaled, p->min, p->max);
    }
  }
}
