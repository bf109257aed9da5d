/* One output pixel of a float convolution: the body that convolutions, convolutions with a max
 * pooling, and fully connected nodes share. */
#ifndef THIMBLE_CONV2D_F32_H
#define THIMBLE_CONV2D_F32_H

#include <stdint.h>

#include "common/dot_f32.h"
#include "common/function.h"

typedef struct {
  const float *filter; /* [O][KH][KW][I] */
  const float *bias;   /* [O] */
  int32_t input_width;
  int32_t channels;      /* C, of an input pixel */
  int32_t depth;         /* I, of a filter: C / groups */
  int32_t group_filters; /* O / groups */
  float min;             /* the bounds of the activation */
  float max;
  uint16_t groups;
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
} conv2d_f32_params;

/* Writes output pixel x of a row, [O], from the input rows of its window. With combine, each
 * channel keeps the larger of its value and the one that is there. */
static THIMBLE_NOINLINE void conv2d_f32_pixel(const conv2d_f32_params *p, const void *const *rows,
                                              int32_t x, float *out, int32_t combine) {
  int32_t column = x * p->stride_width - p->left;
  int32_t taps = p->kernel_height * p->kernel_width;
  int32_t filters = p->groups * p->group_filters;
  const float *w = p->filter;
  for (int32_t channel = 0; channel < filters; ++channel) {
    int32_t source = channel / p->group_filters * p->depth;
    float sum = 0.0f;
    for (int32_t tap = 0; tap < taps; ++tap) {
      int32_t ky = tap / p->kernel_width;
      int32_t at = column + (tap - ky * p->kernel_width) * p->dilation_width;
      const float *row = (const float *)rows[ky * p->dilation_height];
      if (row && at >= 0 && at < p->input_width) {
        const float *from = row + (at * p->channels + source);
        sum = thimble_dot_onto_f32(sum, w, from, p->depth);
      }
      w += p->depth;
    }
    sum += p->bias[channel];
    sum = sum < p->min ? p->min : sum > p->max ? p->max : sum;
    if (!combine || sum > out[channel]) {
      out[channel] = sum;
    }
  }
}

#endif
