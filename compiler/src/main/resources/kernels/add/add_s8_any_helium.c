/* Elementwise sum, int8, with M-profile vector instructions: output row [W][C] from a row of each
 * operand; the strides are 0 along the axes that broadcasting repeats. Each operand is scaled by
 * itself, as the reference does it. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/add_s8.h"
#include "common/function.h"
#include "common/uniform_s8_helium.h"

typedef struct {
  const int8_t *second; /* a constant row, or null where the second operand is read at run time */
  int32_t channels;     /* C */
  int32_t first_pixel;  /* the distance from one column to the next, in elements */
  int32_t second_pixel;
  add_s8_quantization quantization;
  uint8_t first_channel; /* the distance from one channel to the next: 0 or 1 */
  uint8_t second_channel;
} add_s8_any_helium_params;

/* Elements in the common scale. In single rounding they are two bits further to the left, for then
 * a shift to the right remains after the multiplication. */
static THIMBLE_SPECIALIZED int32x4_t add_s8_any_helium_term(int32x4_t values, int32_t multiplier,
                                                            int32_t shift) {
#ifdef THIMBLE_SINGLE_ROUNDING
  values = vmulhq_s32(vshlq_n_s32(values, 22), vdupq_n_s32(multiplier));
  return vrshlq_n_s32(values, shift - 1);
#else
  values = vqrdmulhq_n_s32(vshlq_n_s32(values, 20), multiplier);
  if (shift < 0) {
    values = vaddq_s32(values, vshrq_n_s32(values, 31));
    values = vrshlq_n_s32(values, shift);
  }
  return values;
#endif
}

static THIMBLE_SPECIALIZED int32x4_t add_s8_any_helium_sum(const add_s8_quantization *q,
                                                           const thimble_common *u, int32x4_t a,
                                                           int32x4_t b) {
  return thimble_common_scale(
      u, vaddq_s32(add_s8_any_helium_term(a, q->first_multiplier, q->first_shift),
                   add_s8_any_helium_term(b, q->second_multiplier, q->second_shift)));
}

static THIMBLE_NOINLINE void add_s8_any_helium_run(const void *quantization, const int8_t *first,
                                                   const int8_t *second, int32_t first_step,
                                                   int32_t second_step, int8_t *out,
                                                   int32_t count) {
  const add_s8_quantization *q = (const add_s8_quantization *)quantization;
  thimble_common u = thimble_common_of(q->output_multiplier, q->output_shift);
  for (int32_t left = count; left > 0; left -= 8) {
    mve_pred16_t some = vctp16q((uint32_t)left);
    int16x8_t a = vsubq_n_s16(thimble_common_load(first, first_step, some), q->first_zero_point);
    int16x8_t b = thimble_common_load(second, second_step, some);
    int32x4_t even, odd;
    b = vsubq_n_s16(b, q->second_zero_point);
    even = add_s8_any_helium_sum(q, &u, vmovlbq_s16(a), vmovlbq_s16(b));
    odd = add_s8_any_helium_sum(q, &u, vmovltq_s16(a), vmovltq_s16(b));
    vstrbq_p_s16(out, thimble_common_narrow(even, odd, q->min, q->max, q->output_zero_point),
                 some);
    first += 8 * first_step;
    second += 8 * second_step;
    out += 8;
  }
}

static THIMBLE_NOINLINE void add_s8_any_helium(const void *params, const void *const *rows,
                                               int32_t x0, int32_t x1, void *out, void *scratch) {
  const add_s8_any_helium_params *p = (const add_s8_any_helium_params *)params;
  (void)scratch;
  thimble_common_pairs(add_s8_any_helium_run, &p->quantization, (const int8_t *)rows[0],
                        p->second ? p->second : (const int8_t *)rows[1], p->first_pixel,
                        p->second_pixel, p->first_channel, p->second_channel, p->channels, x0, x1,
                        (int8_t *)out);
}
