/* Transposed convolution of int16 by a filter of int8 (docs/quantization.md, rules Q6, Q7 and Q61):
 * [N][H][W][C] to [N][H'][W'][O] by a filter [O][KH][KW][I]. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"
#include "common/requantize_wide.h"
#include "common/transposed.h"

typedef struct {
  const int8_t *filter;      /* [O][KH][KW][I] */
  const int32_t *bias;       /* [O], the lower halves */
  const int32_t *bias_high;  /* [O], or null where those are all */
  const int32_t *multiplier; /* [O], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  transposed_places places;
  int16_t min; /* the bounds of the activation */
  int16_t max;
  uint8_t per_channel; /* 1: multiplier and shift have an entry for each channel */
  uint8_t wide;        /* 1: sums have 64 bits */
} transposed_conv2d_s16_params;

/* The products of output element (y, x, o) of the batch entry that begins at from. */
static THIMBLE_NOINLINE int64_t transposed_conv2d_s16_sum(const transposed_places *places,
                                                          const int16_t *from, const int8_t *w,
                                                          int32_t y, int32_t x) {
  int64_t sum = 0;
  for (int32_t ky = 0; ky < places->kernel_height; ++ky) {
    for (int32_t kx = 0; kx < places->kernel_width; ++kx) {
      int32_t at = transposed_input(places, y, x, ky, kx);
      for (int32_t i = 0; at >= 0 && i < places->depth; ++i) {
        sum += (int32_t)from[at + i] * w[i];
      }
      w += places->depth;
    }
  }
  return sum;
}

static THIMBLE_NOINLINE void transposed_conv2d_s16(const void *params, const void *const *inputs,
                                                   void *out, void *scratch) {
  const transposed_conv2d_s16_params *p = (const transposed_conv2d_s16_params *)params;
  const transposed_places *at = &p->places;
  const int16_t *from = (const int16_t *)inputs[0];
  int32_t volume = at->kernel_height * at->kernel_width * at->depth;
  int16_t *to = (int16_t *)out;
  (void)scratch;
  for (int32_t b = 0; b < at->batch; ++b) {
    for (int32_t y = 0; y < at->output_height; ++y) {
      for (int32_t x = 0; x < at->output_width; ++x) {
        for (int32_t o = 0; o < at->filters; ++o) {
          const int16_t *group = from + o / at->group_filters * at->depth;
          int32_t entry = p->per_channel ? o : 0;
          int64_t sum = transposed_conv2d_s16_sum(at, group, p->filter + o * volume, y, x) +
                        thimble_wide(p->bias, p->bias_high, o);
          int32_t scaled =
              p->wide ? thimble_requantize_wide(sum, p->multiplier[entry], p->shift[entry])
                      : thimble_requantize((int32_t)sum, p->multiplier[entry], p->shift[entry]);
          *to++ = (int16_t)thimble_clamp(scaled, p->min, p->max);
        }
      }
    }
    from += at->input_height * at->input_width * at->channels;
  }
}
