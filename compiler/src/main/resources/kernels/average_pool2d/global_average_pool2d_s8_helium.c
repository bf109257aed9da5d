/* Average over a whole map, int8 (docs/quantization.md, rule Q17), with M-profile vector
 * instructions: [H][W][C] to [C], row by row into int32 sums; quotients are rounded to the nearest,
 * ties away from zero. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/uniform_s8_helium.h"

typedef struct {
  int32_t width;    /* W */
  int32_t channels; /* C */
  int32_t count;    /* H * W */
  int16_t min;      /* the bounds of the activation */
  int16_t max;
} global_average_pool2d_s8_helium_params;

/* acc is [C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_helium_init(const void *params, void *acc) {
  const global_average_pool2d_s8_helium_params *p =
      (const global_average_pool2d_s8_helium_params *)params;
  thimble_common_fill((int32_t *)acc, p->channels, 0);
}

/* Adds an input row, [W][C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_helium_row(const void *params,
                                                                 const void *row, void *acc) {
  const global_average_pool2d_s8_helium_params *p =
      (const global_average_pool2d_s8_helium_params *)params;
  thimble_common_sum((const int8_t *)row, p->width, p->channels, (int32_t *)acc);
}

/* Writes the averages, [C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_helium_finish(const void *params,
                                                                    const void *acc, void *out) {
  const global_average_pool2d_s8_helium_params *p =
      (const global_average_pool2d_s8_helium_params *)params;
  const int32_t *sums = (const int32_t *)acc;
  int8_t *to = (int8_t *)out;
  uint32_t reciprocal = UINT32_MAX / (uint32_t)p->count;
  for (int32_t left = p->channels; left > 0; left -= 4) {
    mve_pred16_t some = vctp32q((uint32_t)left);
    int32x4_t q = thimble_common_quotients(vldrwq_z_s32(sums, some), p->count, reciprocal);
    vstrbq_p_s32(to, vminq_s32(vmaxq_s32(q, vdupq_n_s32(p->min)), vdupq_n_s32(p->max)), some);
    sums += 4;
    to += 4;
  }
}
