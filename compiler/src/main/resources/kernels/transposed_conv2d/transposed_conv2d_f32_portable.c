/* Transposed convolution, float: [N][H][W][C] to [N][H'][W'][O] by a filter [O][KH][KW][I]. The
 * products of an output element are summed by taps, a tap's in blocks. */
#include <math.h>
#include <stdint.h>

#include "common/dot_f32.h"
#include "common/function.h"
#include "common/transposed.h"

typedef struct {
  const float *filter; /* [O][KH][KW][I], or null where it is read at run time */
  const float *bias;   /* [O], likewise */
  transposed_places places;
  float min; /* the bounds of the activation */
  float max;
} transposed_conv2d_f32_params;

/* The products of output element (y, x, o) of the batch entry that begins at from. */
static THIMBLE_NOINLINE float transposed_conv2d_f32_sum(const transposed_places *p,
                                                        const float *from, const float *w,
                                                        int32_t y, int32_t x) {
  float sum = 0.0f;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    for (int32_t kx = 0; kx < p->kernel_width; ++kx) {
      int32_t at = transposed_input(p, y, x, ky, kx);
      if (at >= 0) {
        sum = thimble_dot_onto_f32(sum, from + at, w, p->depth);
      }
      w += p->depth;
    }
  }
  return sum;
}

static THIMBLE_NOINLINE void transposed_conv2d_f32(const void *params, const void *const *inputs,
                                                   void *out, void *scratch) {
  const transposed_conv2d_f32_params *p = (const transposed_conv2d_f32_params *)params;
  const transposed_places *at = &p->places;
  const float *from = (const float *)*inputs++;
  const float *filter = p->filter ? p->filter : (const float *)*inputs++;
  const float *bias = p->bias ? p->bias : (const float *)*inputs;
  int32_t volume = at->kernel_height * at->kernel_width * at->depth;
  float *to = (float *)out;
  (void)scratch;
  for (int32_t b = 0; b < at->batch; ++b) {
    for (int32_t y = 0; y < at->output_height; ++y) {
      for (int32_t x = 0; x < at->output_width; ++x) {
        for (int32_t o = 0; o < at->filters; ++o) {
          const float *group = from + o / at->group_filters * at->depth;
          float sum = transposed_conv2d_f32_sum(at, group, filter + o * volume, y, x) + bias[o];
          *to++ = sum < p->min ? p->min : sum > p->max ? p->max : sum;
        }
      }
    }
    from += at->input_height * at->input_width * at->channels;
  }
}
