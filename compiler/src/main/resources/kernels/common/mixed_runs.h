/* The taps of a window of a mixed convolution that lie inside the map, as runs of elements. */
#ifndef THIMBLE_MIXED_RUNS_H
#define THIMBLE_MIXED_RUNS_H

#include <stdint.h>

#include "common/function.h"
#include "common/mixed_window.h"

/* The runs of one row of a window: of `count` products each, whose inputs lie `stride` apart. */
typedef struct {
  int32_t runs;
  int32_t count;
  int32_t stride;
  int32_t input;      /* the first input element, of channel 0, from the start of the row */
  int32_t input_step; /* from run to run */
  int32_t filter;     /* the first element, from the start of the filter's row */
} mixed_runs;

/* The runs of a window whose first column, which may lie in the padding, is given. */
static THIMBLE_NOINLINE mixed_runs mixed_window_runs(const mixed_window *window, int32_t column) {
  int32_t dilation = window->dilation_width;
  int32_t first = 0;
  int32_t end = window->kernel_width;
  mixed_runs runs;
  while (first < end && column + first * dilation < 0) {
    ++first;
  }
  while (end > first && column + (end - 1) * dilation >= window->input_width) {
    --end;
  }
  runs.input = (column + first * dilation) * window->channels;
  runs.input_step = dilation * window->channels;
  runs.filter = first * window->depth;
  if (window->depth == 1) {
    runs.runs = 1;
    runs.count = end - first;
    runs.stride = runs.input_step;
  } else if (runs.input_step == window->depth) {
    runs.runs = 1;
    runs.count = (end - first) * window->depth;
    runs.stride = 1;
  } else {
    runs.runs = end - first;
    runs.count = window->depth;
    runs.stride = 1;
  }
  return runs;
}

/* How many filters from one on are computed at a time: four that read the same channels, or each
 * one of its own, or one. */
static THIMBLE_INLINE int32_t mixed_window_filters(const mixed_window *window, int32_t filter) {
  int32_t alike = window->filters;
  if (window->group_filters != 1) {
    alike = (filter / window->group_filters + 1) * window->group_filters;
  } else if (window->depth != 1) {
    return 1;
  }
  return alike - filter >= 4 ? 4 : 1;
}

#endif
