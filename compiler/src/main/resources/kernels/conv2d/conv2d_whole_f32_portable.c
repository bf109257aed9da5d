/* Convolution with a filter or a bias that is computed at run time, float: [N][H][W][C] to
 * [N][H'][W'][O]. Products are summed by taps, a tap's in blocks; then the bias is added and the
 * sum clamped. */
#include <math.h>
#include <stdint.h>

#include "common/dot_f32.h"
#include "common/function.h"

typedef struct {
  const float *filter; /* [O][KH][KW][I], or null where it is read at run time */
  const float *bias;   /* [O], likewise */
  int32_t batch;
  int32_t input_height;
  int32_t input_width;
  int32_t output_height;
  int32_t output_width;
  int32_t channels;      /* C, of an input pixel */
  int32_t depth;         /* I, of a filter: C / groups */
  int32_t group_filters; /* O / groups */
  int32_t filters;       /* O */
  float min;             /* the bounds of the activation */
  float max;
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_height;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t top; /* rows of padding */
  uint16_t left;
} conv2d_whole_f32_params;

/* The products of output pixel (y, x) of the batch entry and group that begin at from. */
static THIMBLE_NOINLINE float conv2d_whole_f32_sum(const conv2d_whole_f32_params *p,
                                                   const float *from, const float *w, int32_t y,
                                                   int32_t x) {
  float sum = 0.0f;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    int32_t row = y * p->stride_height - p->top + ky * p->dilation_height;
    for (int32_t kx = 0; kx < p->kernel_width; ++kx) {
      int32_t column = x * p->stride_width - p->left + kx * p->dilation_width;
      if (row >= 0 && row < p->input_height && column >= 0 && column < p->input_width) {
        const float *pixel = from + (row * p->input_width + column) * p->channels;
        sum = thimble_dot_onto_f32(sum, w, pixel, p->depth);
      }
      w += p->depth;
    }
  }
  return sum;
}

static THIMBLE_NOINLINE void conv2d_whole_f32(const void *params, const void *const *inputs,
                                              void *out, void *scratch) {
  const conv2d_whole_f32_params *p = (const conv2d_whole_f32_params *)params;
  const float *from = (const float *)*inputs++;
  const float *filter = p->filter ? p->filter : (const float *)*inputs++;
  const float *bias = p->bias ? p->bias : (const float *)*inputs;
  int32_t volume = p->kernel_height * p->kernel_width * p->depth;
  float *to = (float *)out;
  (void)scratch;
  for (int32_t b = 0; b < p->batch; ++b) {
    for (int32_t y = 0; y < p->output_height; ++y) {
      for (int32_t x = 0; x < p->output_width; ++x) {
        for (int32_t o = 0; o < p->filters; ++o) {
          const float *group = from + o / p->group_filters * p->depth;
          float sum = conv2d_whole_f32_sum(p, group, filter + o * volume, y, x) + bias[o];
          *to++ = sum < p->min ? p->min : sum > p->max ? p->max : sum;
        }
      }
    }
    from += p->input_height * p->input_width * p->channels;
  }
}
