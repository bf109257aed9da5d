/* Requantisation by one multiplier for all elements, as elementwise nodes, poolings and means need
 * it, with M-profile vector instructions (MVE). */
#ifndef THIMBLE_COMMON_S8_HELIUM_H
#define THIMBLE_COMMON_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_helium.h"

/* One multiplier for all lanes, its shift as thimble_scale_vector wants it. */
typedef struct {
  int32x4_t multiplier;
  int32x4_t right;
  int32x4_t left;
} thimble_common;

/* In single rounding no shifted value may reach 2^31. */
static THIMBLE_SPECIALIZED thimble_common thimble_common_of(int32_t multiplier, int32_t shift) {
  thimble_common u;
#ifdef THIMBLE_SINGLE_ROUNDING
  int32_t left = shift > -2 ? shift + 2 : 0;
  u.right = vdupq_n_s32(shift + 1 - left);
#else
  int32_t left = shift > 0 ? shift : 0;
  u.right = vdupq_n_s32(shift < 0 ? shift : 0);
#endif
  u.left = vdupq_n_s32(left);
  u.multiplier = vdupq_n_s32(multiplier);
  return u;
}

/* thimble_requantize. */
static THIMBLE_SPECIALIZED int32x4_t thimble_common_scale(const thimble_common *u,
                                                           int32x4_t values) {
  return thimble_scale_vector(values, u->multiplier, u->right, u->left, THIMBLE_SCALE_ANY);
}

/* Eight values of which those of even index come from one vector and the others from another,
 * within bounds that are less a zero point, which is added. */
static THIMBLE_SPECIALIZED int16x8_t thimble_common_narrow(int32x4_t even, int32x4_t odd,
                                                            int32_t min, int32_t max,
                                                            int32_t zero_point) {
  int16x8_t both = vqmovntq_s32(vqmovnbq_s32(vreinterpretq_s16_s32(even), even), odd);
  both = vminq_s16(vmaxq_s16(both, vdupq_n_s16((int16_t)min)), vdupq_n_s16((int16_t)max));
  return vaddq_n_s16(both, (int16_t)zero_point);
}

/* Quotients by a count, rounded to the nearest, ties away from zero.
 *   reciprocal  UINT32_MAX / count: its products fall short of the quotient by one at most */
static THIMBLE_SPECIALIZED int32x4_t thimble_common_quotients(int32x4_t sums, int32_t count,
                                                               uint32_t reciprocal) {
  uint32x4_t halves = vdupq_n_u32((uint32_t)count / 2);
  uint32x4_t n = vaddq_u32(vreinterpretq_u32_s32(vabsq_s32(sums)), halves);
  uint32x4_t q = vmulhq_u32(n, vdupq_n_u32(reciprocal));
  uint32x4_t rest = vmlaq_n_u32(n, q, (uint32_t)-count);
  int32x4_t quotients;
  q = vaddq_m_n_u32(q, q, 1, vcmpcsq_n_u32(rest, (uint32_t)count));
  quotients = vreinterpretq_s32_u32(q);
  return vnegq_m_s32(quotients, quotients, vcmpltq_n_s32(sums, 0));
}

/* Averages of eight sums, of which those of even index are in one vector. */
static THIMBLE_SPECIALIZED int16x8_t thimble_common_averages(int32x4_t even, int32x4_t odd,
                                                              int32_t count, uint32_t reciprocal,
                                                              int32_t min, int32_t max) {
  return thimble_common_narrow(thimble_common_quotients(even, count, reciprocal),
                                thimble_common_quotients(odd, count, reciprocal), min, max, 0);
}

/* Adds a row of pixels, [width][channels], to int32 sums of channels. So many pixels' sums are
 * added up at a time as an int16 holds. */
#define THIMBLE_COMMON_PIXELS 256

static THIMBLE_NOINLINE void thimble_common_sum(const int8_t *row, int32_t width, int32_t channels,
                                                 int32_t *sums) {
  for (int32_t c = 0; c < channels; c += 8) {
    const int8_t *from = row + c;
    int32_t lanes = channels - c;
    mve_pred16_t some = vctp16q((uint32_t)lanes);
    mve_pred16_t low = vctp32q((uint32_t)lanes);
    mve_pred16_t high = vctp32q(lanes > 4 ? (uint32_t)lanes - 4 : 0);
    for (int32_t left = width; left > 0; left -= THIMBLE_COMMON_PIXELS) {
      int16x8_t part = vdupq_n_s16(0);
      int16_t parts[8];
      for (int32_t x = left < THIMBLE_COMMON_PIXELS ? left : THIMBLE_COMMON_PIXELS; x > 0; --x) {
        part = vaddq_s16(part, vldrbq_z_s16(from, some));
        from += channels;
      }
      vstrhq_s16(parts, part);
      vstrwq_p_s32(sums + c, vaddq_s32(vldrwq_z_s32(sums + c, low), vldrhq_s32(parts)), low);
      vstrwq_p_s32(sums + c + 4,
                   vaddq_s32(vldrwq_z_s32(sums + c + 4, high), vldrhq_s32(parts + 4)), high);
    }
  }
}

/* Fills sums with one number. */
static THIMBLE_INLINE void thimble_common_fill(int32_t *sums, int32_t channels, int32_t value) {
  for (int32_t c = 0; c < channels; ++c) {
    sums[c] = value;
  }
}

/* The elements of an operand: adjoining ones, or one for all with a step of 0. */
static THIMBLE_SPECIALIZED int16x8_t thimble_common_load(const int8_t *from, int32_t step,
                                                          mve_pred16_t some) {
  return step ? vldrbq_z_s16(from, some) : vdupq_n_s16(*from);
}

/* A function of two operands' elements: computes so many of them. A step is 0 where one element
 * serves all, else 1. */
typedef void (*thimble_common_pair)(const void *quantization, const int8_t *first,
                                     const int8_t *second, int32_t first_step, int32_t second_step,
                                     int8_t *out, int32_t count);

/* Calls such a function for pixels [x0, x1) of a row, all at once where both operands lie as the
 * output does. The pixel steps are 0 for an operand of one column, which serves all of them. */
static THIMBLE_SPECIALIZED void thimble_common_pairs(thimble_common_pair function,
                                                      const void *quantization, const int8_t *first,
                                                      const int8_t *second, int32_t first_pixel,
                                                      int32_t second_pixel, int32_t first_channel,
                                                      int32_t second_channel, int32_t channels,
                                                      int32_t x0, int32_t x1, int8_t *out) {
  int32_t together = x1 - x0;
  /* Single elements in both ways go on to be one element. */
  if ((first_pixel != channels || !first_channel) && (first_pixel || first_channel)) {
    together = 1;
  }
  if ((second_pixel != channels || !second_channel) && (second_pixel || second_channel)) {
    together = 1;
  }
  for (int32_t x = x0; x < x1; x += together) {
    function(quantization, first + x * first_pixel, second + x * second_pixel, first_channel,
             second_channel, out + x * channels, together * channels);
  }
}

#endif
