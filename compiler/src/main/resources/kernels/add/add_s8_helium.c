/* Sum of two rows of int8 elements with M-profile vector instructions: each is a scale of its own
 * times an element, in fixed point whose constants give the reference's result for every pair of
 * elements. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t first;  /* stored sum = (first * a + second * b + offset) >> shift, within its bounds */
  int32_t second;
  int32_t offset;
  int16_t shift; /* 16 and more */
  int8_t min;
  int8_t max;
} add_s8_helium_params;

static THIMBLE_SPECIALIZED int32x4_t add_s8_helium_four(const add_s8_helium_params *p, int32x4_t a,
                                                        int32x4_t b) {
  return vmlaq_n_s32(vmlasq_n_s32(a, vdupq_n_s32(p->first), p->offset), b, p->second);
}

/* The sums of the eight elements of even index, or of the others, as 16-bit vectors. */
static THIMBLE_SPECIALIZED int16x8_t add_s8_helium_eight(const add_s8_helium_params *p, int16x8_t a,
                                                         int16x8_t b) {
  int32x4_t bottom = add_s8_helium_four(p, vmovlbq_s16(a), vmovlbq_s16(b));
  int32x4_t top = add_s8_helium_four(p, vmovltq_s16(a), vmovltq_s16(b));
  int16x8_t both = vshrnbq_n_s32(vreinterpretq_s16_s32(bottom), bottom, 16);
  return vshlq_r_s16(vshrntq_n_s32(both, top, 16), 16 - p->shift);
}

static THIMBLE_SPECIALIZED int8x16_t add_s8_helium_all(const add_s8_helium_params *p, int8x16_t a,
                                                       int8x16_t b) {
  int16x8_t even = add_s8_helium_eight(p, vmovlbq_s8(a), vmovlbq_s8(b));
  int16x8_t odd = add_s8_helium_eight(p, vmovltq_s8(a), vmovltq_s8(b));
  int8x16_t all = vqmovntq_s16(vqmovnbq_s16(vreinterpretq_s8_s16(even), even), odd);
  return vminq_s8(vmaxq_s8(all, vdupq_n_s8(p->min)), vdupq_n_s8(p->max));
}

static THIMBLE_NOINLINE void add_s8_helium(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  const add_s8_helium_params *p = (const add_s8_helium_params *)params;
  const int8_t *a = (const int8_t *)rows[0] + x0;
  const int8_t *b = (const int8_t *)rows[1] + x0;
  int8_t *to = (int8_t *)out + x0;
  int32_t left = x1 - x0;
  (void)scratch;
  for (; left >= 16; left -= 16) {
    vstrbq_s8(to, add_s8_helium_all(p, vldrbq_s8(a), vldrbq_s8(b)));
    a += 16;
    b += 16;
    to += 16;
  }
  if (left > 0) {
    mve_pred16_t some = vctp8q((uint32_t)left);
    vstrbq_p_s8(to, add_s8_helium_all(p, vldrbq_z_s8(a, some), vldrbq_z_s8(b, some)), some);
  }
}
