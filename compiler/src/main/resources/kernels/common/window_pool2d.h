/* The taps of a pooling's window. */
#ifndef THIMBLE_WINDOW_POOL2D_H
#define THIMBLE_WINDOW_POOL2D_H

#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  uint16_t counted_top; /* rows and columns of padding that an average counts */
  uint16_t counted_bottom;
  uint16_t counted_left;
  uint16_t counted_right;
} window_pool2d_places;

/* How many rows of a window an average counts: those in the map, and the padding next to them. The
 * window has a pointer for each row that it spans, null outside of the map. */
static THIMBLE_INLINE int32_t window_pool2d_rows(const window_pool2d_places *p,
                                                 const void *const *rows) {
  int32_t first = 0, end, count = 0;
  int32_t span = (p->kernel_height - 1) * p->dilation_height + 1;
  while (first < span && !rows[first]) {
    ++first;
  }
  end = first;
  while (end < span && rows[end]) {
    ++end;
  }
  for (int32_t row = 0; row < span; row += p->dilation_height) {
    count += row >= first - p->counted_top && row < end + p->counted_bottom;
  }
  return count;
}

/* How many of a window's columns lie in [begin, end) of the map; `column` is its first. */
static THIMBLE_INLINE int32_t window_pool2d_columns(const window_pool2d_places *p, int32_t column,
                                                    int32_t begin, int32_t end) {
  int32_t count = 0;
  for (int32_t tap = 0; tap < p->kernel_width; ++tap) {
    int32_t at = column + tap * p->dilation_width;
    count += at >= begin && at < end;
  }
  return count;
}

#endif
