/* Convolution of each channel of int16 by itself, by a filter of int8 (docs/quantization.md, rules Q6
 * to Q8 and Q61) on cores with the DSP extension: output row [W][C] from the input rows [W][C] that
 * the window spans, pixel after pixel, four channels at a time. */
#include <stdint.h>
#include <string.h>

#include "common/dsp_halfword_outputs.h"
#include "common/dsp_halfword_taps.h"
#include "common/function.h"
#include "common/mixed_window.h"

/* The scratch memory holds a pointer for each tap and the elements that stand for a pixel outside. */
typedef struct {
  const int32_t *filter; /* of each four channels, then of each other one a byte for each tap */
  mixed_window window;
  dsp_halfword_outputs outputs;
  int32_t outside; /* elements of a pixel outside: none where no window reaches there */
} mixed_conv2d_s16_depthwise_dsp_params;

/* Points at the taps of the window that begins with this column, less an offset. Returns whether
 * the windows that begin with other columns within the map lie likewise. */
static THIMBLE_NOINLINE int32_t mixed_conv2d_s16_depthwise_dsp_taps(
    const mixed_window *window, const void *const *rows, int32_t column, int32_t offset,
    const int16_t **taps, const int16_t *outside) {
  int32_t inside = 1;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const int16_t *row = (const int16_t *)rows[ky * window->dilation_height];
    int32_t at = column;
    for (int32_t kx = 0; kx < window->kernel_width; ++kx) {
      if (row && at >= 0 && at < window->input_width) {
        *taps++ = row + (at * window->channels - offset);
      } else {
        *taps++ = outside - offset;
        inside = 0;
      }
      at += window->dilation_width;
    }
  }
  return inside;
}

/* The output of a sum that lacks its bias. */
static THIMBLE_NOINLINE int16_t mixed_conv2d_s16_depthwise_dsp_any(const dsp_halfword_outputs *p,
                                                                   int32_t sum, int32_t channel) {
  int32_t value =
      dsp_halfword_any(p, sum + thimble_wide(p->bias, p->bias_high, channel), channel);
  return (int16_t)thimble_clamp(value, p->min, p->max);
}

/* The channels that are left over, of a pixel. */
static THIMBLE_NOINLINE void mixed_conv2d_s16_depthwise_dsp_rest(
    const mixed_conv2d_s16_depthwise_dsp_params *p, const int16_t *const *taps,
    const int16_t *const *end, int32_t offset, const int8_t *filter, int16_t *to) {
  for (int32_t c = p->window.channels & ~3; c < p->window.channels; ++c) {
    int32_t sum = 0;
    for (const int16_t *const *tap = taps; tap < end; ++tap) {
      sum += (*tap)[offset + c] * *filter++;
    }
    to[c] = mixed_conv2d_s16_depthwise_dsp_any(&p->outputs, sum, c);
  }
}

/* The outputs of a pixel, whose taps the job has. */
static THIMBLE_NOINLINE void mixed_conv2d_s16_depthwise_dsp_pixel(
    const mixed_conv2d_s16_depthwise_dsp_params *p, dsp_halfword_depthwise *job, int32_t offset,
    int16_t *to) {
  static const int32_t zeros[4] = {0, 0, 0, 0};
  const dsp_halfword_outputs *outputs = &p->outputs;
  job->filter = p->filter;
  job->offset = offset * (int32_t)sizeof to[0];
  job->start = zeros;
  for (int32_t c = 0; c < p->window.channels - 3; c += 4) {
    if (outputs->quick) {
      job->start = outputs->bias + c;
      dsp_halfword_taps(job);
      dsp_halfword_four_one(outputs, c, job->sums, to + c);
    } else {
      dsp_halfword_taps(job);
      for (int32_t i = 0; i < 4; ++i) {
        to[c + i] = mixed_conv2d_s16_depthwise_dsp_any(outputs, job->sums[i], c + i);
      }
    }
    job->offset += 4 * (int32_t)sizeof to[0];
  }
  mixed_conv2d_s16_depthwise_dsp_rest(p, job->taps, job->end, offset, (const int8_t *)job->filter,
                                      to);
}

static THIMBLE_NOINLINE void mixed_conv2d_s16_depthwise_dsp(const void *params,
                                                            const void *const *rows, int32_t x0,
                                                            int32_t x1, void *out,
                                                            void *scratch) {
  const mixed_conv2d_s16_depthwise_dsp_params *p =
      (const mixed_conv2d_s16_depthwise_dsp_params *)params;
  const mixed_window *window = &p->window;
  const int16_t **taps = (const int16_t **)scratch;
  int32_t count = window->kernel_height * window->kernel_width;
  int32_t span = (window->kernel_width - 1) * window->dilation_width;
  int32_t inside = 0;
  int16_t *outside = (int16_t *)(taps + count);
  int16_t *to = (int16_t *)out + x0 * window->channels;
  dsp_halfword_depthwise job;
  memset(outside, 0, (uint32_t)p->outside * sizeof outside[0]);
  job.taps = taps;
  job.end = taps + count;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * window->stride_width - window->left;
    int32_t offset = column * window->channels;
    if (!inside || column + span >= window->input_width) {
      inside = mixed_conv2d_s16_depthwise_dsp_taps(window, rows, column, offset, taps, outside);
    }
    mixed_conv2d_s16_depthwise_dsp_pixel(p, &job, offset, to);
    to += window->channels;
  }
}
