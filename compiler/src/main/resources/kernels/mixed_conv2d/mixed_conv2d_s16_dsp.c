/* Convolution of int16 by a filter of int8 (docs/quantization.md, rules Q6 to Q8 and Q61) on cores
 * with the DSP extension: output row [W][O] from the input rows [W][C] that the window spans. */
#include <stdint.h>

#include "common/dsp_halfword_outputs.h"
#include "common/dsp_halfwords.h"
#include "common/function.h"
#include "common/mixed_window.h"

/* A window consists of runs of elements that adjoin in the input: a kernel row, or a tap of it where
 * taps do not adjoin. Columns have the pairs of all runs, then what is left of odd ones. The scratch
 * memory begins with the column of one pixel or two; behind it there is room, where a window may
 * reach beyond the map, for a run of each. */
typedef struct {
  const int32_t *filter; /* of each group: of each four channels, then of each other one */
  mixed_window window;
  dsp_halfword_outputs outputs;
  int32_t run;        /* elements of a run */
  uint16_t runs;      /* of a kernel row */
  uint16_t run_width; /* columns of the map from a run's first to its end */
  uint16_t words;     /* of a pixel's column */
  uint16_t pairs;     /* words of it before those for what is left of runs */
  uint16_t pixels;    /* that are computed at a time: 1 or 2; 0: one whose window is one run */
} mixed_conv2d_s16_dsp_params;

/* So many steps of any numbers fit 32 bits: an even number below 256. */
enum { MIXED_CONV2D_S16_DSP_STEPS = 254 };

/* A run, from this column on: in the row, or in the buffer if some of it lies outside of the map. */
static THIMBLE_NOINLINE const int16_t *mixed_conv2d_s16_dsp_part(
    const mixed_conv2d_s16_dsp_params *p, const int16_t *row, int32_t column, int16_t *buffer) {
  const mixed_window *window = &p->window;
  int32_t before = column < 0 ? -column : 0;
  int32_t within = window->input_width - column;
  int32_t i = 0;
  if (row && before == 0 && within >= p->run_width) {
    return row + column * window->channels;
  }
  within = within < p->run_width ? within : p->run_width;
  if (row && before < within) {
    /* Runs of several columns are of all channels. */
    const int16_t *from = row + (column + before) * window->channels;
    for (; i < before * window->depth; ++i) {
      buffer[i] = 0;
    }
    for (; i < within * window->depth; ++i) {
      buffer[i] = *from++;
    }
  }
  for (; i < p->run; ++i) {
    buffer[i] = 0;
  }
  return buffer;
}

/* The column of a group of output pixel x, and where pixels is 2 of the next. */
static THIMBLE_NOINLINE void mixed_conv2d_s16_dsp_column(const mixed_conv2d_s16_dsp_params *p,
                                                         const void *const *rows, int32_t x,
                                                         int32_t channel, int32_t pixels,
                                                         int32_t *scratch) {
  const mixed_window *window = &p->window;
  int16_t *buffer = (int16_t *)(scratch + p->pixels * p->words);
  int16_t *rest = (int16_t *)(scratch + pixels * p->pairs);
  int32_t rests = 0;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const int16_t *row = (const int16_t *)rows[ky * window->dilation_height];
    int32_t at = x * window->stride_width - window->left;
    if (row) {
      row += channel;
    }
    for (int32_t i = 0; i < p->runs; ++i) {
      const int16_t *first = mixed_conv2d_s16_dsp_part(p, row, at, buffer);
      if (pixels == 2) {
        const int16_t *second =
            mixed_conv2d_s16_dsp_part(p, row, at + window->stride_width, buffer + p->run);
        scratch = dsp_halfwords_interleave(first, second, scratch, p->run >> 1);
        if (p->run & 1) {
          rest[0] = first[p->run - 1];
          rest[2] = second[p->run - 1];
          rest += (rests++ & 1) ? 3 : 1;
        }
      } else {
        for (int32_t n = p->run >> 1; n > 0; --n) {
          *scratch++ = dsp_halfwords_load(first);
          first += 2;
        }
        if (p->run & 1) {
          *rest++ = *first;
        }
      }
      at += window->dilation_width;
    }
  }
}

/* The outputs of four channels of pixels any of whose sums may have 64 bits. */
static THIMBLE_NOINLINE void mixed_conv2d_s16_dsp_four_any(const mixed_conv2d_s16_dsp_params *p,
                                                           dsp_halfwords *job, int32_t channel,
                                                           int32_t pixels, int16_t *to) {
  static const int32_t zeros[4] = {0, 0, 0, 0};
  const dsp_halfword_outputs *outputs = &p->outputs;
  const int32_t *column = (const int32_t *)job->column;
  const int32_t *end = (const int32_t *)job->end;
  int32_t odd = job->odd;
  int64_t sums[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  job->start = zeros;
  do {
    int32_t steps = (int32_t)(end - column) / pixels;
    steps = steps < MIXED_CONV2D_S16_DSP_STEPS ? steps : MIXED_CONV2D_S16_DSP_STEPS;
    dsp_halfwords_steps(job, column, steps, pixels);
    column = (const int32_t *)job->end;
    job->odd = column == end ? odd : 0;
    if (pixels == 2) {
      dsp_halfwords_pair(job);
    } else {
      dsp_halfwords_one(job);
    }
    for (int32_t i = 0; i < 4 * pixels; ++i) {
      sums[i] += job->sums[i];
    }
  } while (column != end);
  for (int32_t i = 0; i < 4; ++i) {
    int64_t bias = thimble_wide(outputs->bias, outputs->bias_high, channel + i);
    for (int32_t pixel = 0; pixel < pixels; ++pixel) {
      int32_t value =
          dsp_halfword_any(outputs, sums[i * pixels + pixel] + bias, channel + i);
      to[pixel * p->window.filters + i] =
          (int16_t)thimble_clamp(value, outputs->min, outputs->max);
    }
  }
}

/* The output of one channel and one pixel. */
static THIMBLE_NOINLINE int16_t mixed_conv2d_s16_dsp_single(const mixed_conv2d_s16_dsp_params *p,
                                                            const int32_t *column, int32_t words,
                                                            const int8_t *filter, int32_t taps,
                                                            int32_t channel) {
  const dsp_halfword_outputs *outputs = &p->outputs;
  int64_t sum;
  if (outputs->quick) {
    return dsp_halfword_output(
        outputs, dsp_halfwords_channel(column, words, filter, taps, outputs->bias[channel]),
        channel);
  }
  sum = thimble_wide(outputs->bias, outputs->bias_high, channel);
  for (int32_t count; taps > 0; taps -= count) {
    count = 2 * MIXED_CONV2D_S16_DSP_STEPS;
    count = count < taps ? count : taps;
    sum += dsp_halfwords_channel(column, words, filter, count, 0);
    column += MIXED_CONV2D_S16_DSP_STEPS * words;
    filter += count;
  }
  return (int16_t)thimble_clamp(dsp_halfword_any(outputs, sum, channel), outputs->min,
                                outputs->max);
}

/* The outputs of a group of one pixel or two, whose column there is; returns the group's end. */
static THIMBLE_NOINLINE const int32_t *mixed_conv2d_s16_dsp_group(
    const mixed_conv2d_s16_dsp_params *p, dsp_halfwords *job, const int32_t *column,
    int32_t pixels, int32_t channel, int32_t taps, int16_t *to) {
  const mixed_window *window = &p->window;
  const dsp_halfword_outputs *outputs = &p->outputs;
  int32_t end = channel + window->group_filters;
  const int8_t *single;
  dsp_halfwords_steps(job, column, taps >> 1, pixels);
  for (; channel < end - 3; channel += 4) {
    if (!outputs->quick) {
      mixed_conv2d_s16_dsp_four_any(p, job, channel, pixels, to + channel);
      job->column = column;
    } else if (pixels == 2) {
      job->start = outputs->bias + channel;
      dsp_halfwords_pair(job);
      dsp_halfword_four_pair(outputs, channel, job->sums, to + channel, window->filters);
    } else {
      job->start = outputs->bias + channel;
      dsp_halfwords_one(job);
      dsp_halfword_four_one(outputs, channel, job->sums, to + channel);
    }
  }
  single = (const int8_t *)job->filter;
  for (; channel < end; ++channel) {
    for (int32_t i = 0; i < pixels; ++i) {
      to[i * window->filters + channel] =
          mixed_conv2d_s16_dsp_single(p, column + i, pixels, single, taps, channel);
    }
    single += (taps + 3) & ~3;
  }
  return (const int32_t *)single;
}

static THIMBLE_NOINLINE void mixed_conv2d_s16_dsp(const void *params, const void *const *rows,
                                                  int32_t x0, int32_t x1, void *out,
                                                  void *scratch) {
  const mixed_conv2d_s16_dsp_params *p = (const mixed_conv2d_s16_dsp_params *)params;
  const mixed_window *window = &p->window;
  int32_t taps = window->kernel_height * window->kernel_width * window->depth;
  int32_t groups = window->channels / window->depth;
  int16_t *to = (int16_t *)out + x0 * window->filters;
  int32_t pixels;
  dsp_halfwords job;
  for (int32_t x = x0; x < x1; x += pixels) {
    pixels = p->pixels == 2 && x + 1 < x1 ? 2 : 1;
    job.filter = p->filter;
    for (int32_t group = 0; group < groups; ++group) {
      const int32_t *column = (const int32_t *)scratch;
      job.odd = taps & 1;
      if (p->pixels) {
        mixed_conv2d_s16_dsp_column(p, rows, x, group * window->depth, pixels,
                                    (int32_t *)scratch);
      } else {
        column = (const int32_t *)((const int16_t *)rows[0] +
                                   (x * window->stride_width * window->channels +
                                    group * window->depth));
      }
      job.filter = mixed_conv2d_s16_dsp_group(p, &job, column, pixels,
                                              group * window->group_filters, taps, to);
    }
    to += pixels * window->filters;
  }
}
