/* One output pixel of an int8 convolution: the body that convolutions, convolutions with a max
 * pooling, and fully connected nodes share. */
#ifndef THIMBLE_CONV2D_S8_H
#define THIMBLE_CONV2D_S8_H

#include <stdint.h>

#include "common/bias_fraction.h"
#include "common/function.h"
#include "common/requantize.h"

/* For each group, filters lie in blocks of four output channels, [KH][KW][I][4], and then, where
 * the group's channels are no multiple of four, one by one, [KH][KW][I]. */
typedef struct {
  const int8_t *filter;
  const int32_t *bias;       /* [O], less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier; /* [O], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  int32_t input_width;
  int32_t channels;      /* C, of an input pixel */
  int32_t depth;         /* I, of a filter: C / groups */
  int32_t group_filters; /* O / groups */
  uint16_t groups;
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
  const uint8_t *fraction; /* [O] of the biases, in units of 2^-8, or null */
#endif
} conv2d_s8_params;

/* The part of the input that the kernel's window covers at one output pixel. */
typedef struct {
  const void *const *rows;
  int32_t start; /* the first tap's offset from a row's start, in elements; may be negative */
  int32_t step;  /* from one tap to the next, in elements */
  int32_t begin; /* taps [begin, end) of a kernel row lie within the map's columns */
  int32_t end;
} conv2d_s8_window;

/* Adds the products of `left` adjoining elements and their filters, [left][4], to four sums. Sums
 * are modulo 2^32, so that a folded bias may lie beyond what the whole sum needs. */
static THIMBLE_NOINLINE void conv2d_s8_run(const int8_t *x, const int8_t *w, int32_t left,
                                           uint32_t *sums) {
  uint32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  for (const int8_t *end = x + left; x < end; w += 4) {
    int32_t value = *x++;
    s0 += (uint32_t)(value * w[0]);
    s1 += (uint32_t)(value * w[1]);
    s2 += (uint32_t)(value * w[2]);
    s3 += (uint32_t)(value * w[3]);
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

/* Adds a group's products for four output channels to their sums, and returns the filter's end. A
 * tap outside of the map sees the zero point, as the folded bias presumes. */
static THIMBLE_INLINE const int8_t *conv2d_s8_four(const conv2d_s8_params *p,
                                                   const conv2d_s8_window *window, const int8_t *w,
                                                   uint32_t *sums) {
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)window->rows[ky * p->dilation_height];
    int32_t tap = 0;
    do {
      int32_t left = p->depth;
      if (row && tap >= window->begin && tap < window->end) {
        const int8_t *x = row + (window->start + tap * window->step);
        ++tap;
        if (window->step == p->depth) { /* The taps adjoin: all of them are one run. */
          left += (window->end - tap) * p->depth;
          tap = window->end;
        }
        conv2d_s8_run(x, w, left, sums);
        w += 4 * left;
      } else {
        ++tap;
        for (left *= 4; left > 0; --left) {
          sums[-left & 3] += (uint32_t)(p->input_zero_point * *w++);
        }
      }
    } while (tap < p->kernel_width);
  }
  return w;
}

/* As conv2d_s8_four, for one output channel. */
static THIMBLE_INLINE const int8_t *conv2d_s8_one(const conv2d_s8_params *p,
                                                  const conv2d_s8_window *window, const int8_t *w,
                                                  uint32_t *sums) {
  uint32_t sum = sums[0];
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)window->rows[ky * p->dilation_height];
    for (int32_t tap = 0; tap < p->kernel_width; ++tap) {
      int8_t zero = p->input_zero_point;
      const int8_t *x = &zero;
      int32_t step = 0;
      if (row && tap >= window->begin && tap < window->end) {
        x = row + (window->start + tap * window->step);
        step = 1;
      }
      for (int32_t left = p->depth; left > 0; --left) {
        sum += (uint32_t)(*x * *w++);
        x += step;
      }
    }
  }
  sums[0] = sum;
  return w;
}

/* Writes output pixel x of a row, [O], from the input rows of its window. With combine, each
 * channel keeps the larger of its value and the one that is there. */
static THIMBLE_NOINLINE void conv2d_s8_pixel(const conv2d_s8_params *p, const void *const *rows,
                                             int32_t x, int8_t *out, int32_t combine) {
  int32_t column = x * p->stride_width - p->left;
  conv2d_s8_window window;
  window.rows = rows;
  window.start = column * p->channels;
  window.step = p->dilation_width * p->channels;
  window.begin = 0;
  for (; column < 0 && window.begin < p->kernel_width; column += p->dilation_width) {
    ++window.begin;
  }
  window.end = window.begin;
  for (; column < p->input_width && window.end < p->kernel_width; column += p->dilation_width) {
    ++window.end;
  }
  const int8_t *w = p->filter;
  int32_t channel = 0;
  for (int32_t group = 0; group < p->groups; ++group) {
    int32_t lanes;
    for (int32_t left = p->group_filters; left > 0; left -= lanes) {
      uint32_t sums[4];
      lanes = left < 4 ? 1 : 4;
      for (int32_t j = 0; j < lanes; ++j) {
        sums[j] = (uint32_t)p->bias[channel + j];
      }
      w = lanes == 4 ? conv2d_s8_four(p, &window, w, sums) : conv2d_s8_one(p, &window, w, sums);
      for (int32_t j = 0; j < lanes; ++j, ++channel) {
        int32_t entry = p->per_channel ? channel : 0;
        int32_t value =
            thimble_requantize_bias((int32_t)sums[j], THIMBLE_FRACTION(p, channel),
                                    p->multiplier[entry], p->shift[entry]);
        value = thimble_clamp(value, p->min, p->max) + p->output_zero_point;
        if (!combine || value > out[channel]) {
          out[channel] = (int8_t)value;
        }
      }
    }
    window.start += p->depth;
  }
}

#endif
