/* Convolution of int16 by a filter of int8 (docs/quantization.md, rules Q6 to Q8 and Q61): output
 * row [W][O] from the input rows [W][C] that the window spans. */
#include <stdint.h>

#include "common/function.h"
#include "common/mixed_runs.h"
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

/* Adds the products of a run and a filter. */
static THIMBLE_NOINLINE void mixed_conv2d_s16_one(const mixed_runs *runs, const int16_t *x,
                                                  const int8_t *w, int64_t *sums) {
  int32_t stride = runs->stride;
  /* So many products fit 32 bits, whatever they are. */
  for (int32_t count = runs->count; count > 0; count -= 512) {
    int32_t a = 0;
    for (int32_t n = count < 512 ? count : 512; n > 0; --n) {
      a += (int32_t)*x * *w++;
      x += stride;
    }
    sums[0] += a;
  }
}

/* The same with four filters, each of so many elements. */
static THIMBLE_NOINLINE void mixed_conv2d_s16_four(const mixed_runs *runs, const int16_t *x,
                                                   const int8_t *w, int32_t volume,
                                                   int64_t *sums) {
  int32_t stride = runs->stride;
  const int8_t *w2 = w + 2 * volume;
  for (int32_t count = runs->count; count > 0; count -= 512) {
    int32_t a = 0, b = 0, c = 0, d = 0;
    for (int32_t n = count < 512 ? count : 512; n > 0; --n) {
      int32_t value = *x;
      a += value * w[0];
      b += value * w[volume];
      c += value * w2[0];
      d += value * w2[volume];
      x += stride;
      ++w;
      ++w2;
    }
    sums[0] += a;
    sums[1] += b;
    sums[2] += c;
    sums[3] += d;
  }
}

/* The same where each of the four filters reads a channel of its own. */
static THIMBLE_NOINLINE void mixed_conv2d_s16_channels(const mixed_runs *runs, const int16_t *x,
                                                       const int8_t *w, int32_t volume,
                                                       int64_t *sums) {
  int32_t stride = runs->stride;
  const int8_t *w2 = w + 2 * volume;
  for (int32_t count = runs->count; count > 0; count -= 512) {
    int32_t a = 0, b = 0, c = 0, d = 0;
    for (int32_t n = count < 512 ? count : 512; n > 0; --n) {
      a += (int32_t)x[0] * w[0];
      b += (int32_t)x[1] * w[volume];
      c += (int32_t)x[2] * w2[0];
      d += (int32_t)x[3] * w2[volume];
      x += stride;
      ++w;
      ++w2;
    }
    sums[0] += a;
    sums[1] += b;
    sums[2] += c;
    sums[3] += d;
  }
}

/* Adds the products of the window and of one or four filters. */
static THIMBLE_NOINLINE void mixed_conv2d_s16_sums(const mixed_window *window,
                                                   const mixed_runs *runs, const void *const *rows,
                                                   int32_t channel, const int8_t *w, int32_t volume,
                                                   int32_t filters, int64_t *sums) {
  int32_t filter_row = window->kernel_width * window->depth;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const int16_t *row = (const int16_t *)rows[ky * window->dilation_height];
    if (row) {
      const int16_t *x = row + (runs->input + channel);
      const int8_t *from = w + runs->filter;
      for (int32_t run = runs->runs; run > 0; --run) {
        if (filters == 1) {
          mixed_conv2d_s16_one(runs, x, from, sums);
        } else if (window->group_filters == 1) {
          mixed_conv2d_s16_channels(runs, x, from, volume, sums);
        } else {
          mixed_conv2d_s16_four(runs, x, from, volume, sums);
        }
        x += runs->input_step;
        from += window->depth;
      }
    }
    w += filter_row;
  }
}

static THIMBLE_NOINLINE void mixed_conv2d_s16(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  const mixed_conv2d_s16_params *p = (const mixed_conv2d_s16_params *)params;
  const mixed_window *window = &p->window;
  int32_t volume = window->kernel_height * window->kernel_width * window->depth;
  int16_t *to = (int16_t *)out + x0 * window->filters;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    mixed_runs runs = mixed_window_runs(window, x * window->stride_width - window->left);
    int32_t filters;
    for (int32_t o = 0; o < window->filters; o += filters) {
      int32_t group = o / window->group_filters;
      int64_t sums[4] = {0, 0, 0, 0};
      filters = mixed_window_filters(window, o);
      mixed_conv2d_s16_sums(window, &runs, rows, group * window->depth, p->filter + o * volume,
                            volume, filters, sums);
      for (int32_t i = 0; i < filters; ++i) {
        int32_t entry = p->per_channel ? o + i : 0;
        int64_t sum = sums[i] + thimble_wide(p->bias, p->bias_high, o + i);
        int32_t scaled =
            p->wide ? thimble_requantize_wide(sum, p->multiplier[entry], p->shift[entry])
                    : thimble_requantize((int32_t)sum, p->multiplier[entry], p->shift[entry]);
        *to++ = (int16_t)thimble_clamp(scaled, p->min, p->max);
      }
    }
  }
}
