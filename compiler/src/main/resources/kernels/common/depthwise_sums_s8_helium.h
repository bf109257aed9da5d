/* Sums of 16 channels of a depthwise convolution, and their outputs, with M-profile vector instructions
 * (MVE). The tables of scale have 16 entries for every block of channels: for channels 0, 4, 8, 12,
 * then 2, 6, 10, 14, then 1, 5, 9, 13, and then 3, 7, 11, 15. */
#ifndef THIMBLE_DEPTHWISE_SUMS_S8_HELIUM_H
#define THIMBLE_DEPTHWISE_SUMS_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_helium.h"

/* Sums of 16 channels, in the order of the tables. */
typedef struct {
  int32x4_t s0, s1, s2, s3;
} depthwise_helium_sums;

static THIMBLE_SPECIALIZED int8x16_t depthwise_helium_load(const int8_t *from, int32_t whole,
                                                           mve_pred16_t lanes) {
  return whole ? vldrbq_s8(from) : vldrbq_z_s8(from, lanes);
}

static THIMBLE_SPECIALIZED void depthwise_helium_widen(depthwise_helium_sums *sums, int16x8_t even,
                                                       int16x8_t odd) {
  sums->s0 = vaddq_s32(sums->s0, vmovlbq_s16(even));
  sums->s1 = vaddq_s32(sums->s1, vmovltq_s16(even));
  sums->s2 = vaddq_s32(sums->s2, vmovlbq_s16(odd));
  sums->s3 = vaddq_s32(sums->s3, vmovltq_s16(odd));
}

static THIMBLE_SPECIALIZED int16x8_t depthwise_helium_pack(const thimble_scale *s, int32x4_t a,
                                                           int32x4_t b, int32_t at, int32_t mode) {
  int32x4_t left0 = vdupq_n_s32(0);
  int32x4_t left1 = left0;
  if (mode == THIMBLE_SCALE_ANY && s->left) {
    left0 = THIMBLE_SCALE_LEFTS(s, at);
    left1 = THIMBLE_SCALE_LEFTS(s, at + 4);
  }
  a = thimble_scale_vector(a, vldrwq_s32(s->multiplier + at), vldrbq_s32(s->right + at), left0,
                           mode);
  b = thimble_scale_vector(b, vldrwq_s32(s->multiplier + at + 4), vldrbq_s32(s->right + at + 4),
                           left1, mode);
  return vqaddq_n_s16(vqmovntq_s32(vqmovnbq_s32(vreinterpretq_s16_s32(a), a), b), s->zero_point);
}

static THIMBLE_SPECIALIZED void depthwise_helium_store(const thimble_scale *s,
                                                       const depthwise_helium_sums *sums,
                                                       int32_t channel, int8_t *to, int32_t whole,
                                                       mve_pred16_t lanes, int32_t mode) {
  int16x8_t even = depthwise_helium_pack(s, sums->s0, sums->s1, channel, mode);
  int16x8_t odd = depthwise_helium_pack(s, sums->s2, sums->s3, channel + 8, mode);
  int8x16_t all = vqmovntq_s16(vqmovnbq_s16(vreinterpretq_s8_s16(even), even), odd);
  if (mode == THIMBLE_SCALE_ANY) {
    all = vminq_s8(vmaxq_s8(all, vdupq_n_s8((int8_t)s->min)), vdupq_n_s8((int8_t)s->max));
  }
  if (whole) {
    vstrbq_s8(to, all);
  } else {
    vstrbq_p_s8(to, all, lanes);
  }
}

#endif
