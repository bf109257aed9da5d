/* Clamp, int8, with M-profile vector instructions, of a row of elements. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int8_t min;
  int8_t max;
} relu_s8_helium_params;

static THIMBLE_NOINLINE void relu_s8_helium(const void *params, const void *const *rows, int32_t x0,
                                            int32_t x1, void *out, void *scratch) {
  const relu_s8_helium_params *p = (const relu_s8_helium_params *)params;
  const int8_t *from = (const int8_t *)rows[0] + x0;
  int8_t *to = (int8_t *)out + x0;
  int8x16_t min = vdupq_n_s8(p->min);
  int8x16_t max = vdupq_n_s8(p->max);
  (void)scratch;
  for (int32_t left = x1 - x0; left > 0; left -= 16) {
    mve_pred16_t some = vctp8q((uint32_t)left);
    vstrbq_p_s8(to, vminq_s8(vmaxq_s8(vldrbq_z_s8(from, some), min), max), some);
    from += 16;
    to += 16;
  }
}
