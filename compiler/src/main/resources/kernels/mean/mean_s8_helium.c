/* Mean over rows and columns, int8, with M-profile vector instructions: [H][W][C] to [C], row by row
 * into int32 sums (docs/quantization.md, rule Q10). */
#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/uniform_s8_helium.h"

typedef struct {
  int32_t row_width;  /* W */
  int32_t channels;   /* C */
  int32_t offset;     /* minus the input's zero point times the number of elements */
  int32_t multiplier; /* holds the division by the number of elements */
  int8_t shift;
  int8_t output_zero_point;
} mean_s8_helium_params;

/* acc is [C]. */
static THIMBLE_NOINLINE void mean_s8_helium_init(const void *params, void *acc) {
  const mean_s8_helium_params *p = (const mean_s8_helium_params *)params;
  thimble_common_fill((int32_t *)acc, p->channels, p->offset);
}

/* Adds an input row, [W][C]. */
static THIMBLE_NOINLINE void mean_s8_helium_row(const void *params, const void *row, void *acc) {
  const mean_s8_helium_params *p = (const mean_s8_helium_params *)params;
  thimble_common_sum((const int8_t *)row, p->row_width, p->channels, (int32_t *)acc);
}

/* Writes the means, [C]. */
static THIMBLE_NOINLINE void mean_s8_helium_finish(const void *params, const void *acc, void *out) {
  const mean_s8_helium_params *p = (const mean_s8_helium_params *)params;
  const int32_t *sums = (const int32_t *)acc;
  int8_t *to = (int8_t *)out;
  thimble_common u = thimble_common_of(p->multiplier, p->shift);
  for (int32_t left = p->channels; left > 0; left -= 4) {
    mve_pred16_t some = vctp32q((uint32_t)left);
    int32x4_t mean = thimble_common_scale(&u, vldrwq_z_s32(sums, some));
    mean = vqaddq_n_s32(mean, p->output_zero_point);
    mean = vminq_s32(vmaxq_s32(mean, vdupq_n_s32(INT8_MIN)), vdupq_n_s32(INT8_MAX));
    vstrbq_p_s32(to, mean, some);
    sums += 4;
    to += 4;
  }
}
