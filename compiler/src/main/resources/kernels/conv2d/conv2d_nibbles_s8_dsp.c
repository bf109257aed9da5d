/* Convolution, int8 with a filter of 4-bit elements, on cores with the DSP extension: output row
 * [W][O] from KH input rows [W][C]. The windows of two pixels at a time, or of one, become columns of
 * int16 elements in the scratch memory. */
#include <stdint.h>
#include <string.h>

#include "common/dsp_column.h"
#include "common/dsp_nibbles.h"
#include "common/function.h"

/* A window consists of runs of elements that adjoin in the input: a kernel row, or a tap of it where
 * taps do not adjoin. Where runs are of whole fours of elements they are widened where they lie, or
 * from a buffer behind the columns where they reach beyond the map; else windows are gathered there,
 * and filled up to whole fours with zeros. */
typedef struct {
  dsp_nibbles filters;
  int32_t input_width;
  int32_t channels; /* C, of an input pixel */
  int32_t run;      /* elements of a run */
  uint16_t runs;    /* of a kernel row */
  uint16_t run_width; /* columns of the map from a run's first to its end */
  uint16_t kernel_height;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left;   /* columns of padding */
  uint16_t buffer; /* bytes of a pixel's buffer */
  uint8_t pixels;  /* that are computed at a time */
  uint8_t gathered; /* whether windows are gathered */
  int8_t input_zero_point;
} conv2d_nibbles_s8_dsp_params;

/* A run from this column on: where it lies, or in the buffer if some of it lies outside of the map,
 * where elements are the zero point. */
static THIMBLE_NOINLINE const int8_t *
conv2d_nibbles_s8_dsp_run(const conv2d_nibbles_s8_dsp_params *p, const int8_t *row, int32_t column,
                          int8_t *buffer) {
  int32_t first = column < 0 ? -column : 0;
  int32_t last = p->input_width - column;
  if (row && first == 0 && last >= p->run_width) {
    return row + column * p->channels;
  }
  last = last < p->run_width ? last : p->run_width;
  memset(buffer, p->input_zero_point, (uint32_t)p->run);
  if (row && first < last) {
    dsp_copy(buffer + first * p->channels, row + (column + first) * p->channels, 1,
             (last - first) * p->channels);
  }
  return buffer;
}

/* The columns of output pixel x and, where pixels is 2, of the next. */
static THIMBLE_NOINLINE void
conv2d_nibbles_s8_dsp_columns(const conv2d_nibbles_s8_dsp_params *p, const void *const *rows,
                              int32_t x, int32_t pixels, int32_t *scratch) {
  int8_t *first = (int8_t *)(scratch + p->pixels * p->filters.steps);
  int8_t *second = first + p->buffer;
  int32_t *to = scratch;
  int32_t at = 0;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t column = x * p->stride_width - p->left;
    for (int32_t i = 0; i < p->runs; ++i, column += p->dilation_width) {
      const int8_t *one = conv2d_nibbles_s8_dsp_run(p, row, column, first + at);
      const int8_t *two = one;
      if (pixels == 2) {
        two = conv2d_nibbles_s8_dsp_run(p, row, column + p->stride_width, second + at);
      }
      if (p->gathered) {
        if (one != first + at) {
          dsp_copy(first + at, one, 1, p->run);
        }
        if (pixels == 2 && two != second + at) {
          dsp_copy(second + at, two, 1, p->run);
        }
        at += p->run;
      } else if (pixels == 2) {
        to = dsp_widen_pair(one, two, to, p->run >> 2);
      } else {
        to = dsp_widen(one, to, p->run >> 2);
      }
    }
  }
  if (p->gathered) {
    for (; at & 3; ++at) {
      first[at] = 0;
      second[at] = 0;
    }
    if (pixels == 2) {
      dsp_widen_pair(first, second, to, at >> 2);
    } else {
      dsp_widen(first, to, at >> 2);
    }
  }
}

static THIMBLE_NOINLINE void conv2d_nibbles_s8_dsp(const void *params, const void *const *rows,
                                                   int32_t x0, int32_t x1, void *out,
                                                   void *scratch) {
  const conv2d_nibbles_s8_dsp_params *p = (const conv2d_nibbles_s8_dsp_params *)params;
  int8_t *to = (int8_t *)out + x0 * p->filters.channels;
  int32_t pixels;
  for (int32_t x = x0; x < x1; x += pixels) {
    pixels = x1 - x < p->pixels ? 1 : p->pixels;
    conv2d_nibbles_s8_dsp_columns(p, rows, x, pixels, (int32_t *)scratch);
    dsp_nibbles_pixels(&p->filters, (const int32_t *)scratch, pixels, to);
    dsp_nibbles_clamp(&p->filters, to, pixels * p->filters.channels);
    to += pixels * p->filters.channels;
  }
}
