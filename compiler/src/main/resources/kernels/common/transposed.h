/* Which input pixels meet which taps in a transposed convolution. */
#ifndef THIMBLE_TRANSPOSED_H
#define THIMBLE_TRANSPOSED_H

#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t batch;
  int32_t input_height;
  int32_t input_width;
  int32_t output_height;
  int32_t output_width;
  int32_t channels;      /* C, of an input pixel */
  int32_t depth;         /* I, of a filter: C / groups */
  int32_t group_filters; /* O / groups */
  int32_t filters;       /* O */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_height;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t top; /* rows cut off */
  uint16_t left;
} transposed_places;

/* The input row or column that lies at a place between the strides; -1 for none. */
static THIMBLE_INLINE int32_t transposed_source(int32_t place, int32_t stride, int32_t extent) {
  int32_t source = place < 0 ? -1 : place / stride;
  return source < extent && source * stride == place ? source : -1;
}

/* The offset of the input pixel that tap (ky, kx) brings to output pixel (y, x), -1 for none. */
static THIMBLE_INLINE int32_t transposed_input(const transposed_places *p, int32_t y, int32_t x,
                                               int32_t ky, int32_t kx) {
  int32_t row = transposed_source(y + p->top - ky * p->dilation_height, p->stride_height,
                                  p->input_height);
  int32_t column = transposed_source(x + p->left - kx * p->dilation_width, p->stride_width,
                                     p->input_width);
  return row < 0 || column < 0 ? -1 : (row * p->input_width + column) * p->channels;
}

#endif
