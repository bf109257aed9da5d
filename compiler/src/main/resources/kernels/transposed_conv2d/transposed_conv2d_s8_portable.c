/* Transposed convolution, int8 (docs/quantization.md, rules Q6 and Q7): [N][H][W][C] to
 * [N][H'][W'][O] by a filter [O][KH][KW][I]. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"
#include "common/transposed.h"

typedef struct {
  const int8_t *filter;      /* [O][KH][KW][I] */
  const int32_t *bias;       /* [O] */
  const int32_t *multiplier; /* [O], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  transposed_places places;
  int16_t min; /* the bounds of the activation, less the output's zero point */
  int16_t max;
  int8_t input_zero_point;
  int8_t output_zero_point;
  uint8_t per_channel; /* 1: multiplier and shift have an entry for each channel */
} transposed_conv2d_s8_params;

/* The products of output element (y, x, o) of the batch entry that begins at from. */
static THIMBLE_NOINLINE int32_t transposed_conv2d_s8_sum(const transposed_conv2d_s8_params *p,
                                                         const int8_t *from, const int8_t *w,
                                                         int32_t y, int32_t x) {
  const transposed_places *places = &p->places;
  int32_t sum = 0;
  for (int32_t ky = 0; ky < places->kernel_height; ++ky) {
    for (int32_t kx = 0; kx < places->kernel_width; ++kx) {
      int32_t at = transposed_input(places, y, x, ky, kx);
      for (int32_t i = 0; at >= 0 && i < places->depth; ++i) {
        sum += (from[at + i] - p->input_zero_point) * w[i];
      }
      w += places->depth;
    }
  }
  return sum;
}

static THIMBLE_NOINLINE void transposed_conv2d_s8(const void *params, const void *const *inputs,
                                                  void *out, void *scratch) {
  const transposed_conv2d_s8_params *p = (const transposed_conv2d_s8_params *)params;
  const transposed_places *at = &p->places;
  const int8_t *from = (const int8_t *)inputs[0];
  int32_t volume = at->kernel_height * at->kernel_width * at->depth;
  int8_t *to = (int8_t *)out;
  (void)scratch;
  for (int32_t b = 0; b < at->batch; ++b) {
    for (int32_t y = 0; y < at->output_height; ++y) {
      for (int32_t x = 0; x < at->output_width; ++x) {
        for (int32_t o = 0; o < at->filters; ++o) {
          const int8_t *group = from + o / at->group_filters * at->depth;
          int32_t entry = p->per_channel ? o : 0;
          int32_t sum = transposed_conv2d_s8_sum(p, group, p->filter + o * volume, y, x);
          sum = thimble_requantize(p->bias[o] + sum, p->multiplier[entry], p->shift[entry]);
          *to++ = (int8_t)(thimble_clamp(sum, p->min, p->max) + p->output_zero_point);
        }
      }
    }
    from += at->input_height * at->input_width * at->channels;
  }
}
