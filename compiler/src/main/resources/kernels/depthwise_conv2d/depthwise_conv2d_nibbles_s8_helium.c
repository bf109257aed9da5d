/* Convolution of each channel by itself, int8 with a filter of 4-bit elements, with M-profile vector
 * instructions: output row [W][C] from KH input rows [W][C], 16 channels at a time. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/copy_s8_helium.h"
#include "common/depthwise_sums_s8_helium.h"
#include "common/function.h"

/* So many products of an int8 and a 4-bit element fit an int16 together. */
#define DEPTHWISE_NIBBLES_TAPS 30

/* Filters lie in blocks of 16 channels, [(KH * KW + 1) / 2][16]: the lower half of a byte is of the
 * first of two taps, the upper half of the second. The scratch memory holds a pixel of zero points. */
typedef struct {
  const int8_t *filter;
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int8_t input_zero_point;
  thimble_scale scale;
} depthwise_conv2d_nibbles_s8_helium_params;

/* A block of 16 channels, or less than 16 with `whole` 0. */
static THIMBLE_SPECIALIZED void
depthwise_nibbles_block(const depthwise_conv2d_nibbles_s8_helium_params *p, const int8_t *const *x,
                        int32_t pairs, const int8_t *w, int32_t channel, int8_t *to,
                        int32_t whole) {
  const thimble_scale *s = &p->scale;
  mve_pred16_t lanes = vctp8q((uint32_t)(p->channels - channel));
  int16x8_t even = vdupq_n_s16(0);
  int16x8_t odd = even;
  depthwise_helium_sums sums;
  for (; pairs > 0; --pairs, x += 2, w += 16) {
    int8x16_t both = vldrbq_s8(w);
    int8x16_t first = vshrq_n_s8(vshlq_n_s8(both, 4), 4);
    int8x16_t second = vshrq_n_s8(both, 4);
    int8x16_t x0 = depthwise_helium_load(x[0] + channel, whole, lanes);
    int8x16_t x1 = depthwise_helium_load(x[1] + channel, whole, lanes);
    even = vaddq_s16(even, vmullbq_int_s8(x0, first));
    odd = vaddq_s16(odd, vmulltq_int_s8(x0, first));
    even = vaddq_s16(even, vmullbq_int_s8(x1, second));
    odd = vaddq_s16(odd, vmulltq_int_s8(x1, second));
  }
  sums.s0 = vldrwq_s32(s->bias + channel);
  sums.s1 = vldrwq_s32(s->bias + channel + 4);
  sums.s2 = vldrwq_s32(s->bias + channel + 8);
  sums.s3 = vldrwq_s32(s->bias + channel + 12);
  depthwise_helium_widen(&sums, even, odd);
  if (s->mode == THIMBLE_SCALE_PLAIN) {
    depthwise_helium_store(s, &sums, channel, to + channel, whole, lanes, THIMBLE_SCALE_PLAIN);
  } else {
    depthwise_helium_store(s, &sums, channel, to + channel, whole, lanes, THIMBLE_SCALE_ANY);
  }
}

/* All channels of one output pixel, from its taps. */
static THIMBLE_NOINLINE void
depthwise_nibbles_pixel(const depthwise_conv2d_nibbles_s8_helium_params *p,
                        const int8_t *const *taps, int32_t pairs, int8_t *to) {
  const int8_t *w = p->filter;
  int32_t channel = 0;
  for (; channel + 16 <= p->channels; channel += 16) {
    depthwise_nibbles_block(p, taps, pairs, w, channel, to, 1);
    w += 16 * pairs;
  }
  if (channel < p->channels) {
    depthwise_nibbles_block(p, taps, pairs, w, channel, to, 0);
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_nibbles_s8_helium(const void *params,
                                                                const void *const *rows,
                                                                int32_t x0, int32_t x1, void *out,
                                                                void *scratch) {
  const depthwise_conv2d_nibbles_s8_helium_params *p =
      (const depthwise_conv2d_nibbles_s8_helium_params *)params;
  const int8_t *taps[DEPTHWISE_NIBBLES_TAPS];
  const int8_t *zeros = (const int8_t *)scratch;
  int32_t pairs = (p->kernel_height * p->kernel_width + 1) / 2;
  int8_t *to = (int8_t *)out + x0 * p->channels;
  (void)thimble_fill((int8_t *)scratch, p->input_zero_point, p->channels);
  for (int32_t x = x0; x < x1; ++x) {
    const int8_t **tap = taps;
    for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
      const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
      int32_t at = x * p->stride_width - p->left;
      for (int32_t kx = 0; kx < p->kernel_width; ++kx) {
        int32_t inside = row && at >= 0 && at < p->input_width;
        *tap++ = inside ? row + at * p->channels : zeros;
        at += p->dilation_width;
      }
    }
    if (tap != taps + 2 * pairs) {
      *tap = zeros;
    }
    depthwise_nibbles_pixel(p, taps, pairs, to);
    to += p->channels;
  }
}
