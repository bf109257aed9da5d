/* Convolution of floats by a filter of int8 or int4 (docs/quantization.md, rule Q67): output row
 * [W][O] from the input rows [W][C] that the window spans. */
#ifndef THIMBLE_MIXED_WEIGHTS_H
#define THIMBLE_MIXED_WEIGHTS_H

#include <stdint.h>

#include "common/function.h"
#include "common/mixed_runs.h"
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
static THIMBLE_SPECIALIZED float mixed_weights_element(const int8_t *filter, int32_t at,
                                                  int32_t packed) {
  if (packed) {
    uint32_t pair = (uint8_t)filter[at / 2];
    return (float)((int32_t)(pair >> (at % 2 * 4) & 15u) - 8);
  }
  return (float)filter[at];
}

/* Adds the products of a run and a filter, whose elements begin at w. */
static THIMBLE_SPECIALIZED void mixed_weights_one(const mixed_runs *runs, const float *x,
                                                  const int8_t *filter, int32_t w, int32_t packed,
                                                  float *sums) {
  float a = sums[0];
  for (int32_t n = runs->count; n > 0; --n) {
    a += *x * mixed_weights_element(filter, w, packed);
    x += runs->stride;
    ++w;
  }
  sums[0] = a;
}

/* The same with four filters, each of so many elements, whose channels are so far apart. */
static THIMBLE_SPECIALIZED void mixed_weights_four(const mixed_runs *runs, const float *x,
                                                   const int8_t *filter, int32_t w, int32_t volume,
                                                   int32_t apart, int32_t packed, float *sums) {
  float a = sums[0], b = sums[1], c = sums[2], d = sums[3];
  for (int32_t n = runs->count; n > 0; --n) {
    a += x[0] * mixed_weights_element(filter, w, packed);
    b += x[apart] * mixed_weights_element(filter, w + volume, packed);
    c += x[2 * apart] * mixed_weights_element(filter, w + 2 * volume, packed);
    d += x[3 * apart] * mixed_weights_element(filter, w + 3 * volume, packed);
    x += runs->stride;
    ++w;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

/* Adds the products of the window and of one or four filters. */
static THIMBLE_SPECIALIZED void mixed_weights_sums(const mixed_weights_params *p,
                                                   const mixed_runs *runs, const void *const *rows,
                                                   int32_t channel, int32_t w, int32_t volume,
                                                   int32_t filters, int32_t packed, float *sums) {
  const mixed_window *window = &p->window;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const float *row = (const float *)rows[ky * window->dilation_height];
    if (row) {
      const float *x = row + (runs->input + channel);
      int32_t from = w + runs->filter;
      for (int32_t run = runs->runs; run > 0; --run) {
        if (filters == 1) {
          mixed_weights_one(runs, x, p->filter, from, packed, sums);
        } else if (window->group_filters == 1) {
          mixed_weights_four(runs, x, p->filter, from, volume, 1, packed, sums);
        } else {
          mixed_weights_four(runs, x, p->filter, from, volume, 0, packed, sums);
        }
        x += runs->input_step;
        from += window->depth;
      }
    }
    w += window->kernel_width * window->depth;
  }
}

static THIMBLE_SPECIALIZED void mixed_weights(const mixed_weights_params *p,
                                              const void *const *rows, int32_t x0, int32_t x1,
                                              float *out, int32_t packed) {
  const mixed_window *window = &p->window;
  int32_t volume = window->kernel_height * window->kernel_width * window->depth;
  float *to = out + x0 * window->filters;
  for (int32_t x = x0; x < x1; ++x) {
    mixed_runs runs = mixed_window_runs(window, x * window->stride_width - window->left);
    int32_t filters;
    for (int32_t o = 0; o < window->filters; o += filters) {
      int32_t group = o / window->group_filters;
      float sums[4] = {0.0f, 0.0f, 0.0f, 0.0f};
      filters = mixed_window_filters(window, o);
      mixed_weights_sums(p, &runs, rows, group * window->depth, o * volume, volume, filters, packed,
                         sums);
      for (int32_t i = 0; i < filters; ++i) {
        float real = sums[i] * p->scale[o + i] + p->bias[o + i];
        *to++ = real < p->min ? p->min : real > p->max ? p->max : real;
      }
    }
  }
}

#endif
