/* Average over a whole map, int8 (docs/quantization.md, rule Q17), with the RISC-V vector extension:
 * [H][W][C] to [C], row by row into int32 sums; quotients are rounded to the nearest, ties away from
 * zero. */
#include <stdint.h>

#include "common/function.h"
#include "common/uniform_s8_rvv.h"

typedef struct {
  int32_t width;    /* W */
  int32_t channels; /* C */
  int32_t count;    /* H * W */
  int16_t min;      /* the bounds of the activation */
  int16_t max;
} global_average_pool2d_s8_rvv_params;

/* acc is [C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_rvv_init(const void *params, void *acc) {
  const global_average_pool2d_s8_rvv_params *p =
      (const global_average_pool2d_s8_rvv_params *)params;
  thimble_uniform_fill((int32_t *)acc, p->channels, 0);
}

/* Adds an input row, [W][C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_rvv_row(const void *params, const void *row,
                                                              void *acc) {
  const global_average_pool2d_s8_rvv_params *p =
      (const global_average_pool2d_s8_rvv_params *)params;
  thimble_uniform_sum((const int8_t *)row, p->width, p->channels, (int32_t *)acc);
}

/* Writes the averages, [C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_rvv_finish(const void *params,
                                                                 const void *acc, void *out) {
  const global_average_pool2d_s8_rvv_params *p =
      (const global_average_pool2d_s8_rvv_params *)params;
  size_t vl;
  for (int32_t c = 0; c < p->channels; c += (int32_t)vl) {
    vint32m8_t sums;
    vl = __riscv_vsetvl_e32m8((size_t)(p->channels - c));
    sums = __riscv_vle32_v_i32m8((const int32_t *)acc + c, vl);
    __riscv_vse8_v_i8m2((int8_t *)out + c,
                        thimble_uniform_average(sums, p->count, p->min, p->max, vl), vl);
  }
}
