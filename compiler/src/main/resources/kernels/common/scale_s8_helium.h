/* Requantisation of vectors of int32 sums to int8 with M-profile vector instructions (MVE). */
#ifndef THIMBLE_SCALE_S8_HELIUM_H
#define THIMBLE_SCALE_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"

/* What a node's constants allow, so that the loops leave out what none of its sums needs. */
enum {
  THIMBLE_SCALE_PLAIN, /* no left shift, and any result below the zero point is clamped to it */
  THIMBLE_SCALE_TIES,  /* no left shift */
  THIMBLE_SCALE_ANY    /* everything, and bounds within int8 */
};

typedef struct {
  const int32_t *bias; /* less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier;
  const int8_t *right; /* shifts after the multiplication, at most 0 */
  const int8_t *left;  /* shifts before it, at least 0, or null where all are 0 */
  int16_t min;         /* the bounds of the stored output */
  int16_t max;
  int16_t zero_point; /* the output's */
  uint8_t mode;
} thimble_scale;

/* Four sums times their multipliers and powers of two. In double rounding VRSHL rounds ties up and
 * the reference away from zero: a negative value is lowered by one first. In single rounding no
 * shift to the right is less than two bits of the doubled product, so the low half of the product
 * never decides: left is then the shift plus 2 where that is positive. */
static THIMBLE_SPECIALIZED int32x4_t thimble_scale_vector(int32x4_t sums, int32x4_t multiplier,
                                                          int32x4_t right, int32x4_t left,
                                                          int32_t mode) {
#ifdef THIMBLE_SINGLE_ROUNDING
  if (mode == THIMBLE_SCALE_ANY) {
    sums = vqshlq_s32(sums, left);
  }
  return vrshlq_s32(vmulhq_s32(sums, multiplier), right);
#else
  if (mode == THIMBLE_SCALE_ANY) {
    sums = vshlq_s32(sums, left);
  }
  sums = vqrdmulhq_s32(sums, multiplier);
  if (mode != THIMBLE_SCALE_PLAIN) {
    sums = vaddq_s32(sums, vshrq_n_s32(sums, 31));
  }
  return vrshlq_s32(sums, right);
#endif
}

/* Stores eight channels of one pixel: those of even index from one vector, the others from
 * another. */
static THIMBLE_SPECIALIZED void thimble_scale_store8(const thimble_scale *s, int32x4_t even,
                                                     int32x4_t odd, int8_t *out, int32_t mode) {
  int16x8_t both = vqmovntq_s32(vqmovnbq_s32(vreinterpretq_s16_s32(even), even), odd);
  both = vqaddq_n_s16(both, s->zero_point);
  if (mode == THIMBLE_SCALE_ANY) {
    both = vminq_s16(vmaxq_s16(both, vdupq_n_s16(s->min)), vdupq_n_s16(s->max));
  } else {
    both = vreinterpretq_s16_s8(vqmovnbq_s16(vreinterpretq_s8_s16(both), both));
  }
  vstrbq_s16(out, both);
}

/* Stores up to four adjoining channels of one pixel. */
static THIMBLE_SPECIALIZED void thimble_scale_store4(const thimble_scale *s, int32x4_t values,
                                                     int8_t *out, mve_pred16_t lanes) {
  values = vqaddq_n_s32(values, s->zero_point);
  values = vminq_s32(vmaxq_s32(values, vdupq_n_s32(s->min)), vdupq_n_s32(s->max));
  vstrbq_p_s32(out, values, lanes);
}

/* Stores channels [channel, channel + 8 * groups) of one or two pixels, which begin at out[0] and
 * out[1]. The sums of a group are [even or odd][pixel][4], and so are, without the pixel, the
 * tables. */
static THIMBLE_SPECIALIZED void thimble_scale_groups(const thimble_scale *s, const int32_t *sums,
                                                     int32_t channel, int32_t groups,
                                                     int8_t *const *out, int32_t pixels,
                                                     int32_t mode) {
  const int32_t *multiplier = s->multiplier + channel;
  const int8_t *right = s->right + channel;
  int8_t *to = out[0];
  int8_t *other = out[1];
  int32x4_t left0 = vdupq_n_s32(0);
  int32x4_t left1 = left0;
  for (; groups > 0; --groups) {
    int32x4_t m0 = vldrwq_s32(multiplier);
    int32x4_t m1 = vldrwq_s32(multiplier + 4);
    int32x4_t r0 = vldrbq_s32(right);
    int32x4_t r1 = vldrbq_s32(right + 4);
    if (mode == THIMBLE_SCALE_ANY && s->left) {
      left0 = vldrbq_s32(s->left + (multiplier - s->multiplier));
      left1 = vldrbq_s32(s->left + (multiplier - s->multiplier) + 4);
    }
    thimble_scale_store8(s, thimble_scale_vector(vldrwq_s32(sums), m0, r0, left0, mode),
                         thimble_scale_vector(vldrwq_s32(sums + 4 * pixels), m1, r1, left1, mode),
                         to, mode);
    if (pixels == 2) {
      thimble_scale_store8(s, thimble_scale_vector(vldrwq_s32(sums + 4), m0, r0, left0, mode),
                           thimble_scale_vector(vldrwq_s32(sums + 12), m1, r1, left1, mode), other,
                           mode);
    }
    multiplier += 8;
    right += 8;
    sums += 8 * pixels;
    to += 8;
    other += 8;
  }
}

/* Stores channels [channel, channel + lanes), at most four, of one or two pixels. */
static THIMBLE_NOINLINE void thimble_scale_rest(const thimble_scale *s, const int32_t *sums,
                                                int32_t channel, int32_t lanes, int8_t *const *out,
                                                int32_t pixels) {
  mve_pred16_t some = vctp32q((uint32_t)lanes);
  int32x4_t m = vldrwq_z_s32(s->multiplier + channel, some);
  int32x4_t right = vldrbq_z_s32(s->right + channel, some);
  int32x4_t left = vdupq_n_s32(0);
  if (s->left) {
    left = vldrbq_z_s32(s->left + channel, some);
  }
  for (int32_t i = 0; i < pixels; ++i) {
    thimble_scale_store4(
        s, thimble_scale_vector(vldrwq_s32(sums + 4 * i), m, right, left, THIMBLE_SCALE_ANY), out[i],
        some);
  }
}

#endif
