/* Convolution of each channel by itself, int8, with M-profile vector instructions: output row
 * [W][C] from KH input rows [W][C], 16 channels at a time. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/copy_s8_helium.h"
#include "common/depthwise_sums_s8_helium.h"
#include "common/function.h"
#include "common/scale_s8_helium.h"

/* The most rows of a kernel. */
#define DEPTHWISE_HELIUM_ROWS 16

/* Filters lie in blocks of 16 channels, [KH * KW][16], the last block's being [KH * KW][C % 16].
 * The tables of scale have 16 entries for every block, for channels 0, 4, 8, 12, then 2, 6, 10, 14,
 * then 1, 5, 9, 13, and then 3, 7, 11, 15. */
typedef struct {
  const int8_t *filter;
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int16_t input_zero_point;
  thimble_scale scale;
} depthwise_conv2d_s8_helium_params;

/* The products of a tap, of the channels of even index and of the others. */
#define DEPTHWISE_HELIUM_TAP(n, from, filter)                         \
  int8x16_t x_##n = depthwise_helium_load(from, whole, lanes);        \
  int8x16_t w_##n = depthwise_helium_load(filter, whole, lanes);      \
  int16x8_t even##n = vmullbq_int_s8(x_##n, w_##n);                   \
  int16x8_t odd##n = vmulltq_int_s8(x_##n, w_##n);

/* Adds the products of two taps, whose sum an int16 holds. */
static THIMBLE_SPECIALIZED void depthwise_helium_two(depthwise_helium_sums *sums, const int8_t *x0,
                                                     const int8_t *x1, const int8_t *w,
                                                     int32_t step, int32_t whole,
                                                     mve_pred16_t lanes) {
  DEPTHWISE_HELIUM_TAP(0, x0, w)
  DEPTHWISE_HELIUM_TAP(1, x1, w + step)
  depthwise_helium_widen(sums, vaddq_s16(even0, even1), vaddq_s16(odd0, odd1));
}

static THIMBLE_SPECIALIZED void depthwise_helium_one(depthwise_helium_sums *sums, const int8_t *x,
                                                     const int8_t *w, int32_t whole,
                                                     mve_pred16_t lanes) {
  DEPTHWISE_HELIUM_TAP(0, x, w)
  depthwise_helium_widen(sums, even0, odd0);
}

/* 16 channels of any kernel at one pixel. */
static THIMBLE_SPECIALIZED void depthwise_helium_any(const depthwise_conv2d_s8_helium_params *p,
                                                     depthwise_helium_sums *sums,
                                                     const int8_t *const *x, int32_t channel,
                                                     int32_t tap, const int8_t *w, int32_t step,
                                                     int32_t whole, mve_pred16_t lanes) {
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *from = x[ky] + channel;
    int32_t left = p->kernel_width;
    for (; left > 1; left -= 2) {
      depthwise_helium_two(sums, from, from + tap, w, step, whole, lanes);
      from += 2 * tap;
      w += 2 * step;
    }
    if (left) {
      depthwise_helium_one(sums, from, w, whole, lanes);
      w += step;
    }
  }
}

/* A block of 16 channels, or less than 16 with `whole` 0. */
static THIMBLE_SPECIALIZED void depthwise_helium_block(const depthwise_conv2d_s8_helium_params *p,
                                                       const int8_t *const *x, int32_t tap,
                                                       const int8_t *w, int32_t channel,
                                                       int8_t *to, int32_t whole) {
  const thimble_scale *s = &p->scale;
  mve_pred16_t lanes = vctp8q((uint32_t)(p->channels - channel));
  int32_t step = whole ? 16 : p->channels - channel;
  depthwise_helium_sums sums;
  sums.s0 = vldrwq_s32(s->bias + channel);
  sums.s1 = vldrwq_s32(s->bias + channel + 4);
  sums.s2 = vldrwq_s32(s->bias + channel + 8);
  sums.s3 = vldrwq_s32(s->bias + channel + 12);
  depthwise_helium_any(p, &sums, x, channel, tap, w, step, whole, lanes);
  if (s->mode == THIMBLE_SCALE_PLAIN) {
    depthwise_helium_store(s, &sums, channel, to + channel, whole, lanes, THIMBLE_SCALE_PLAIN);
  } else {
    depthwise_helium_store(s, &sums, channel, to + channel, whole, lanes, THIMBLE_SCALE_ANY);
  }
}

/* All channels of one output pixel, from the first taps of its kernel rows. */
static THIMBLE_NOINLINE void depthwise_helium_pixel(const depthwise_conv2d_s8_helium_params *p,
                                                    const int8_t *const *x, int32_t tap,
                                                    int8_t *to) {
  const int8_t *w = p->filter;
  int32_t taps = p->kernel_height * p->kernel_width;
  int32_t channel = 0;
  for (; channel + 16 <= p->channels; channel += 16) {
    depthwise_helium_block(p, x, tap, w, channel, to, 1);
    w += 16 * taps;
  }
  if (channel < p->channels) {
    depthwise_helium_block(p, x, tap, w, channel, to, 0);
  }
}

/* Copies the window of a pixel that lies partly outside of the map's columns: [KH][KW][C]. A tap
 * outside sees the zero point, as the folded bias presumes. */
static THIMBLE_NOINLINE void depthwise_helium_edge(const depthwise_conv2d_s8_helium_params *p,
                                                   const void *const *rows, int32_t column,
                                                   int8_t *to, const int8_t **x) {
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    x[ky] = to;
    for (int32_t kx = 0; kx < p->kernel_width; ++kx) {
      int32_t at = column + kx * p->dilation_width;
      if (row && at >= 0 && at < p->input_width) {
        to = thimble_copy(to, row + at * p->channels, p->channels);
      } else {
        to = thimble_fill(to, (int8_t)p->input_zero_point, p->channels);
      }
    }
  }
}

/* scratch is a kernel row of zero points and then a window. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_helium(const void *params,
                                                        const void *const *rows, int32_t x0,
                                                        int32_t x1, void *out, void *scratch) {
  const depthwise_conv2d_s8_helium_params *p = (const depthwise_conv2d_s8_helium_params *)params;
  const int8_t *x[DEPTHWISE_HELIUM_ROWS];
  int8_t *zeros = (int8_t *)scratch;
  int8_t *window = zeros;
  int8_t *to = (int8_t *)out + x0 * p->channels;
  int32_t span = (p->kernel_width - 1) * p->dilation_width;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    if (!rows[ky * p->dilation_height] && window == zeros) {
      window = thimble_fill(zeros, (int8_t)p->input_zero_point, (span + 1) * p->channels);
    }
  }
  for (int32_t i = x0; i < x1; ++i) {
    int32_t column = i * p->stride_width - p->left;
    int32_t tap = p->dilation_width * p->channels;
    if (column < 0 || column + span >= p->input_width) {
      depthwise_helium_edge(p, rows, column, window, x);
      tap = p->channels;
    } else {
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
        x[ky] = row ? row + column * p->channels : zeros;
      }
    }
    depthwise_helium_pixel(p, x, tap, to);
    to += p->channels;
  }
}
