/* The window of a convolution whose filter is held as it is, [O][KH][KW][I]. */
#ifndef THIMBLE_MIXED_WINDOW_H
#define THIMBLE_MIXED_WINDOW_H

#include <stdint.h>

typedef struct {
  int32_t input_width;
  int32_t channels;      /* C, of an input pixel */
  int32_t depth;         /* I, of a filter: C / groups */
  int32_t filters;       /* O */
  int32_t group_filters; /* O / groups */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
} mixed_window;

#endif
