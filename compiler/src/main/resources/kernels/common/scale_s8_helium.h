/* Requantisation of vectors of int32 sums to int8 with M-profile vector instructions (MVE). */
#ifndef THIMBLE_SCALE_S8_HELIUM_H
#define THIMBLE_SCALE_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/assembly.h"
#include "common/function.h"

/* A function that is nothing but its assembly. */
#define THIMBLE_NAKED THIMBLE_ASSEMBLY

/* What a node's constants allow, so that the loops leave out what none of its sums needs. */
enum {
  THIMBLE_SCALE_PLAIN, /* no left shift, and any result below the zero point is clamped to it */
  THIMBLE_SCALE_TIES,  /* no left shift, and all are shifted to the right */
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
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* of the biases, in units of sums shifted to the left, or null */
#endif
} thimble_scale;

/* Four sums times their multipliers and powers of two. In double rounding VRSHL rounds ties up and
 * the reference away from zero: a negative value that is shifted is lowered by one first. In single
 * rounding no shift to the right is less than two bits of the doubled product, so the low half of
 * the product never decides: left is then the shift plus 2 where that is positive. */
static THIMBLE_SPECIALIZED int32x4_t thimble_scale_vector(int32x4_t sums, int32x4_t multiplier,
                                                          int32x4_t right, int32x4_t left,
                                                          int32_t mode) {
#ifdef THIMBLE_SINGLE_ROUNDING
  if (mode == THIMBLE_SCALE_ANY) {
    sums = vqshlq_s32(sums, left);
#ifdef THIMBLE_BIAS_FRACTIONS
    sums = vaddq_s32(sums, vshrq_n_s32(left, 8)); /* Only the low byte is a shift. */
#endif
  }
  return vrshlq_s32(vmulhq_s32(sums, multiplier), right);
#else
  if (mode == THIMBLE_SCALE_ANY) {
    sums = vshlq_s32(sums, left);
  }
  sums = vqrdmulhq_s32(sums, multiplier);
  if (mode == THIMBLE_SCALE_ANY) {
    sums = vaddq_s32(sums, vshrq_n_s32(vandq_s32(sums, right), 31));
  } else if (mode == THIMBLE_SCALE_TIES) {
    sums = vaddq_s32(sums, vshrq_n_s32(sums, 31));
  }
  return vrshlq_s32(sums, right);
#endif
}

/* The shifts to the left of four channels, of those there are, with their biases' fractions in the
 * bytes above them. */
static THIMBLE_SPECIALIZED int32x4_t thimble_scale_lefts(const thimble_scale *s, int32_t channel,
                                                        mve_pred16_t some) {
  int32x4_t left = vldrbq_z_s32(s->left + channel, some);
#ifdef THIMBLE_BIAS_FRACTIONS
  if (s->fraction) {
    uint32x4_t fraction = vldrbq_z_u32(s->fraction + channel, some);
    left = vorrq_s32(left, vreinterpretq_s32_u32(vshlq_n_u32(fraction, 8)));
  }
#endif
  return left;
}

/* The same of four channels that are all there. */
#ifdef THIMBLE_BIAS_FRACTIONS
#define THIMBLE_SCALE_LEFTS(s, channel) thimble_scale_lefts(s, channel, 0xffff)
#else
#define THIMBLE_SCALE_LEFTS(s, channel) vldrbq_s32((s)->left + (channel))
#endif

/* Stores up to four adjoining channels of one pixel. */
static THIMBLE_SPECIALIZED void thimble_scale_store4(const thimble_scale *s, int32x4_t values,
                                                     int8_t *out, mve_pred16_t lanes) {
  values = vqaddq_n_s32(values, s->zero_point);
  values = vminq_s32(vmaxq_s32(values, vdupq_n_s32(s->min)), vdupq_n_s32(s->max));
  vstrbq_p_s32(out, values, lanes);
}

/* Sums to be stored, in groups of eight channels: [even or odd][pixel][4], and so are, without the
 * pixel, the tables. The assembly knows the order. */
typedef struct {
  const int32_t *sums;
  const int32_t *multiplier;
  const int8_t *right;
  int8_t *out[2];
  int32_t zero_point;
  int32_t groups;
} thimble_scale_block;

#ifdef THIMBLE_SINGLE_ROUNDING
#define THIMBLE_SCALE_MULTIPLY "vmulh.s32 "
#else
#define THIMBLE_SCALE_MULTIPLY "vqrdmulh.s32 "
#endif

#define THIMBLE_SCALE_NO_TIES(sums)
#define THIMBLE_SCALE_WHOLE(sums)

/* Sums that come times 16. */
#define THIMBLE_SCALE_SIXTEENTHS(sums) "vshr.s32 " sums ", " sums ", #4\n\t"

/* Lowers what is negative, as thimble_scale_vector does. */
#define THIMBLE_SCALE_WITH_TIES(sums) \
  "vshr.s32 q6, " sums ", #31\n\t"    \
  "vadd.i32 " sums ", " sums ", q6\n\t"

/* Four channels of two pixels. */
#define THIMBLE_SCALE_TWO(a, b, part, ties)                \
  "vldrw.u32 q4, [r1], #16\n\t"                            \
  "vldrw.u32 " a ", [r0], #16\n\t"                         \
  "vldrw.u32 " b ", [r0], #16\n\t"                         \
  "vldrb.s32 q5, [r2], #4\n\t"                             \
  part(a) part(b)                                          \
  THIMBLE_SCALE_MULTIPLY a ", " a ", q4\n\t"               \
  THIMBLE_SCALE_MULTIPLY b ", " b ", q4\n\t"               \
  ties(a) ties(b)                                          \
  "vrshl.s32 " a ", " a ", q5\n\t"                         \
  "vrshl.s32 " b ", " b ", q5\n\t"

/* Eight channels of two pixels. */
#define THIMBLE_SCALE_TWO_GROUP(part, ties)                \
  THIMBLE_SCALE_TWO("q0", "q1", part, ties)                \
  THIMBLE_SCALE_TWO("q2", "q3", part, ties)                \
  "vqmovnb.s32 q0, q0\n\t"                                 \
  "vqmovnb.s32 q1, q1\n\t"                                 \
  "vqmovnt.s32 q0, q2\n\t"                                 \
  "vqmovnt.s32 q1, q3\n\t"                                 \
  "vqadd.s16 q0, q0, r5\n\t"                               \
  "vqadd.s16 q1, q1, r5\n\t"                               \
  "vqmovnb.s16 q0, q0\n\t"                                 \
  "vqmovnb.s16 q1, q1\n\t"                                 \
  "vstrb.16 q0, [r3], #8\n\t"                              \
  "vstrb.16 q1, [r4], #8\n\t"

#define THIMBLE_SCALE_TWO_LOOP(part, ties)                             \
  __asm__ volatile("push {r4-r6, lr}\n\t"                              \
                   "vpush {d8-d13}\n\t"                                \
                   "ldm.w r0, {r0-r5, lr}\n\t"                         \
                   "1:\n\t"                                            \
                   THIMBLE_SCALE_TWO_GROUP(part, ties)                 \
                   "le lr, 1b\n\t"                                     \
                   "vpop {d8-d13}\n\t"                                 \
                   "pop {r4-r6, pc}\n\t")

static THIMBLE_NAKED void thimble_scale_two_plain(
    const thimble_scale_block *block THIMBLE_ASSEMBLY_READS) {
  THIMBLE_SCALE_TWO_LOOP(THIMBLE_SCALE_WHOLE, THIMBLE_SCALE_NO_TIES);
}

static THIMBLE_NAKED void thimble_scale_two_ties(
    const thimble_scale_block *block THIMBLE_ASSEMBLY_READS) {
  THIMBLE_SCALE_TWO_LOOP(THIMBLE_SCALE_WHOLE, THIMBLE_SCALE_WITH_TIES);
}

/* Four channels of one pixel. */
#define THIMBLE_SCALE_ONE(a, ties)                         \
  "vldrw.u32 q4, [r1], #16\n\t"                            \
  "vldrw.u32 " a ", [r0], #16\n\t"                         \
  "vldrb.s32 q5, [r2], #4\n\t"                             \
  THIMBLE_SCALE_MULTIPLY a ", " a ", q4\n\t"               \
  ties(a)                                                  \
  "vrshl.s32 " a ", " a ", q5\n\t"

#define THIMBLE_SCALE_ONE_LOOP(ties)                                   \
  __asm__ volatile("push {r4-r6, lr}\n\t"                              \
                   "vpush {d8-d13}\n\t"                                \
                   "ldm.w r0, {r0-r5, lr}\n\t"                         \
                   "1:\n\t"                                            \
                   THIMBLE_SCALE_ONE("q0", ties)                       \
                   THIMBLE_SCALE_ONE("q2", ties)                       \
                   "vqmovnb.s32 q0, q0\n\t"                            \
                   "vqmovnt.s32 q0, q2\n\t"                            \
                   "vqadd.s16 q0, q0, r5\n\t"                          \
                   "vqmovnb.s16 q0, q0\n\t"                            \
                   "vstrb.16 q0, [r3], #8\n\t"                         \
                   "le lr, 1b\n\t"                                     \
                   "vpop {d8-d13}\n\t"                                 \
                   "pop {r4-r6, pc}\n\t")

static THIMBLE_NAKED void thimble_scale_one_plain(
    const thimble_scale_block *block THIMBLE_ASSEMBLY_READS) {
  THIMBLE_SCALE_ONE_LOOP(THIMBLE_SCALE_NO_TIES);
}

static THIMBLE_NAKED void thimble_scale_one_ties(
    const thimble_scale_block *block THIMBLE_ASSEMBLY_READS) {
  THIMBLE_SCALE_ONE_LOOP(THIMBLE_SCALE_WITH_TIES);
}

/* Stores eight channels of one pixel: those of even index from one vector, the others from
 * another. */
static THIMBLE_INLINE void thimble_scale_store8(const thimble_scale *s, int32x4_t even,
                                                int32x4_t odd, int8_t *out) {
  int16x8_t both = vqmovntq_s32(vqmovnbq_s32(vreinterpretq_s16_s32(even), even), odd);
  both = vqaddq_n_s16(both, s->zero_point);
  both = vminq_s16(vmaxq_s16(both, vdupq_n_s16(s->min)), vdupq_n_s16(s->max));
  vstrbq_s16(out, both);
}

/* Stores the groups of one or two pixels in any mode. */
static THIMBLE_NOINLINE void thimble_scale_any(const thimble_scale *s,
                                               const thimble_scale_block *block, int32_t pixels) {
  int32_t at = (int32_t)(block->multiplier - s->multiplier);
  const int32_t *sums = block->sums;
  int32x4_t left0 = vdupq_n_s32(0);
  int32x4_t left1 = left0;
  for (int32_t group = 0; group < block->groups; ++group) {
    int32x4_t m0 = vldrwq_s32(s->multiplier + at);
    int32x4_t m1 = vldrwq_s32(s->multiplier + at + 4);
    int32x4_t r0 = vldrbq_s32(s->right + at);
    int32x4_t r1 = vldrbq_s32(s->right + at + 4);
    if (s->left) {
      left0 = THIMBLE_SCALE_LEFTS(s, at);
      left1 = THIMBLE_SCALE_LEFTS(s, at + 4);
    }
    for (int32_t i = 0; i < pixels; ++i) {
      int32x4_t even = vldrwq_s32(sums + 4 * i);
      int32x4_t odd = vldrwq_s32(sums + 4 * (pixels + i));
      thimble_scale_store8(s, thimble_scale_vector(even, m0, r0, left0, THIMBLE_SCALE_ANY),
                           thimble_scale_vector(odd, m1, r1, left1, THIMBLE_SCALE_ANY),
                           block->out[i] + 8 * group);
    }
    at += 8;
    sums += 8 * pixels;
  }
}

/* Stores at least one group of one or two pixels. */
static THIMBLE_INLINE void thimble_scale_blocks(const thimble_scale *s,
                                                const thimble_scale_block *block,
                                                int32_t pixels) {
  if (s->mode == THIMBLE_SCALE_ANY) {
    thimble_scale_any(s, block, pixels);
  } else if (pixels == 2 && s->mode == THIMBLE_SCALE_PLAIN) {
    thimble_scale_two_plain(block);
  } else if (pixels == 2) {
    thimble_scale_two_ties(block);
  } else if (s->mode == THIMBLE_SCALE_PLAIN) {
    thimble_scale_one_plain(block);
  } else {
    thimble_scale_one_ties(block);
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
    left = thimble_scale_lefts(s, channel, some);
  }
  for (int32_t i = 0; i < pixels; ++i) {
    thimble_scale_store4(
        s, thimble_scale_vector(vldrwq_s32(sums + 4 * i), m, right, left, THIMBLE_SCALE_ANY), out[i],
        some);
  }
}

#endif
