/* Convolution of floats by a filter of int8 or int4 (docs/quantization.md, rule Q67): output row
 * [W][O] from the input rows [W][C] that the window spans. */
#ifndef THIMBLE_MIXED_WEIGHTS_H
#define THIMBLE_MIXED_WEIGHTS_H

#include <stdint.h>

#include "common/function.h"
#include "common/mixed_window.h"

typedef struct {
  const int8_t *filter; /* [O][KH][KW][I], two elements in a byte where they have 4 bits */
  const float *scale;   /* [O] */
  const float *bias;    /* [O] */
  mixed_window window;
  float min; /* the bounds of the activation */
  float max;
} mixed_weights_params;

/* An element of the filter; of a pair the first is in the lower bits, 8 more than it is. */
static THIMBLE_INLINE float mixed_weights_element(const int8_t *filter, int32_t at,
                                                  int32_t packed) {
  if (packed) {
    uint32_t pair = (uint8_t)filter[at / 2];
    return (float)((int32_t)(pair >> (at % 2 * 4) & 15u) - 8);
  }
  return (float)filter[at];
}

/* The products of the filter whose elements begin at w and the window that begins at a column. */
static THIMBLE_INLINE float mixed_weights_sum(const mixed_weights_params *p,
                                              const void *const *rows, int32_t column,
                                              int32_t channel, int32_t w, int32_t packed) {
  const mixed_window *window = &p->window;
  float sum = 0.0f;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const float *row = (const float *)rows[ky * window->dilation_height];
    for (int32_t kx = 0; kx < window->kernel_width; ++kx) {
      int32_t at = column + kx * window->dilation_width;
      if (row && at >= 0 && at < window->input_width) {
        const float *x = row + (at * window->channels + channel);
        for (int32_t i = 0; i < window->depth; ++i) {
          sum += x[i] * mixed_weights_element(p->filter, w + i, packed);
        }
      }
      w += window->depth;
    }
  }
  return sum;
}

static THIMBLE_INLINE void mixed_weights(const mixed_weights_params *p, const void *const *rows,
                                         int32_t x0, int32_t x1, float *out, int32_t packed) {
  const mixed_window *window = &p->window;
  int32_t volume = window->kernel_height * window->kernel_width * window->depth;
  float *to = out + x0 * window->filters;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * window->stride_width - window->left;
    for (int32_t o = 0; o < window->filters; ++o) {
      int32_t channel = o / window->group_filters * window->depth;
      float sum = mixed_weights_sum(p, rows, column, channel, o * volume, packed);
      float real = sum * p->scale[o] + p->bias[o];
      *to++ = real < p->min ? p->min : real > p->max ? p->max : real;
    }
  }
}

#endif
