/* Convolutions of int8 elements with filters of 4, 2 or 1 bits: a part of the filters of four output
 * channels at a time is unpacked to the scratch memory, for several pixels. */
#ifndef THIMBLE_CONV2D_PACKED_S8_H
#define THIMBLE_CONV2D_PACKED_S8_H

#include <stdint.h>

#include "common/bias_fraction.h"
#include "common/conv2d_s8.h"
#include "common/function.h"
#include "common/packed_numbers.h"
#include "common/requantize.h"

/* The filter's elements have the order that conv2d_s8_params says, and are packed. */
typedef struct {
  conv2d_s8_params convolution;
  uint16_t part; /* elements of a channel's filter that are unpacked at a time */
  uint8_t bits;
} conv2d_packed_s8_params;

/* Where in a window an element of a filter stands. */
typedef struct {
  int32_t row;
  int32_t tap;
  int32_t channel;
} conv2d_packed_s8_place;

/* As conv2d_s8_run, of one output channel. */
static THIMBLE_NOINLINE void conv2d_packed_s8_run(const int8_t *x, const int8_t *w, int32_t left,
                                                  uint32_t *sums) {
  uint32_t sum = sums[0];
  for (const int8_t *end = x + left; x < end;) {
    sum += (uint32_t)(*x++ * *w++);
  }
  sums[0] = sum;
}

/* Adds the products of the `count` elements from this place on, for one or four output channels, and
 * returns the place after them. A tap outside of the map sees the zero point. */
static THIMBLE_NOINLINE conv2d_packed_s8_place
conv2d_packed_s8_part(const conv2d_s8_params *p, const conv2d_s8_window *window,
                      conv2d_packed_s8_place at, int32_t count, const int8_t *w, int32_t lanes,
                      uint32_t *sums) {
  while (count > 0) {
    const int8_t *row = (const int8_t *)window->rows[at.row * p->dilation_height];
    int32_t left = p->depth - at.channel;
    if (row && at.tap >= window->begin && at.tap < window->end) {
      const int8_t *x = row + (window->start + at.tap * window->step + at.channel);
      if (window->step == p->depth) { /* The taps adjoin: all of them are one run. */
        left += (window->end - at.tap - 1) * p->depth;
      }
      left = left < count ? left : count;
      if (lanes == 4) {
        conv2d_s8_run(x, w, left, sums);
      } else {
        conv2d_packed_s8_run(x, w, left, sums);
      }
      w += left * lanes;
    } else {
      left = left < count ? left : count;
      for (int32_t i = left; i > 0; --i) {
        for (int32_t j = 0; j < lanes; ++j) {
          sums[j] += (uint32_t)(p->input_zero_point * *w++);
        }
      }
    }
    count -= left;
    for (at.channel += left; at.channel >= p->depth; at.channel -= p->depth) {
      ++at.tap;
    }
    if (at.tap == p->kernel_width) {
      at.tap = 0;
      ++at.row;
    }
  }
  return at;
}

/* The part of the input that an output pixel's window covers. */
static THIMBLE_NOINLINE void conv2d_packed_s8_window(const conv2d_s8_params *p,
                                                     const void *const *rows, int32_t x,
                                                     conv2d_s8_window *window) {
  int32_t column = x * p->stride_width - p->left;
  window->rows = rows;
  window->start = column * p->channels;
  window->step = p->dilation_width * p->channels;
  window->begin = 0;
  for (; column < 0 && window->begin < p->kernel_width; column += p->dilation_width) {
    ++window->begin;
  }
  window->end = window->begin;
  for (; column < p->input_width && window->end < p->kernel_width; column += p->dilation_width) {
    ++window->end;
  }
}

/* Output channels [channel, channel + lanes) of pixels whose sums these are. */
static THIMBLE_NOINLINE void conv2d_packed_s8_store(const conv2d_s8_params *p, uint32_t (*sums)[4],
                                                    int32_t pixels, int32_t channel, int32_t lanes,
                                                    int8_t *out) {
  for (int32_t i = 0; i < pixels; ++i) {
    for (int32_t j = 0; j < lanes; ++j) {
      int32_t entry = p->per_channel ? channel + j : 0;
      int32_t value =
          thimble_requantize_bias((int32_t)sums[i][j], THIMBLE_FRACTION(p, channel + j),
                                  p->multiplier[entry], p->shift[entry]);
      out[channel + j] = (int8_t)(thimble_clamp(value, p->min, p->max) + p->output_zero_point);
    }
    out += p->groups * p->group_filters;
  }
}

/* Writes output pixels [x, x + pixels) of a row, at most PACKED_PIXELS, [O] each, to `out`. The
 * scratch memory has room for a part of four filters. */
static THIMBLE_NOINLINE void conv2d_packed_s8_pixels(const conv2d_packed_s8_params *packed,
                                                     const void *const *rows, int32_t x,
                                                     int32_t pixels, int8_t *out,
                                                     int8_t *scratch) {
  const conv2d_s8_params *p = &packed->convolution;
  conv2d_s8_window windows[PACKED_PIXELS];
  uint32_t sums[PACKED_PIXELS][4];
  int32_t volume = p->kernel_height * p->kernel_width * p->depth;
  int32_t channels = p->groups * p->group_filters;
  int32_t number = 0;
  int32_t lanes;
  int32_t left = p->group_filters;
  for (int32_t i = 0; i < pixels; ++i) {
    conv2d_packed_s8_window(p, rows, x + i, &windows[i]);
  }
  for (int32_t channel = 0; channel < channels; channel += lanes) {
    conv2d_packed_s8_place next = {0, 0, 0};
    lanes = left < 4 ? 1 : 4;
    for (int32_t i = 0; i < pixels; ++i) {
      for (int32_t j = 0; j < lanes; ++j) {
        sums[i][j] = (uint32_t)p->bias[channel + j];
      }
    }
    for (int32_t done = 0; done < volume;) {
      conv2d_packed_s8_place at = next;
      int32_t count = volume - done < packed->part ? volume - done : packed->part;
      packed_numbers(p->filter, packed->bits, number, count * lanes, scratch);
      for (int32_t i = 0; i < pixels; ++i) {
        next = conv2d_packed_s8_part(p, &windows[i], at, count, scratch, lanes, sums[i]);
      }
      done += count;
      number += count * lanes;
    }
    conv2d_packed_s8_store(p, sums, pixels, channel, lanes, out);
    left -= lanes;
    if (left == 0) {
      left = p->group_filters;
      for (int32_t i = 0; i < pixels; ++i) {
        windows[i].start += p->depth;
      }
    }
  }
}

#endif
