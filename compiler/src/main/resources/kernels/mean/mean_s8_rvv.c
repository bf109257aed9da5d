/* Mean over rows and columns, int8, with the RISC-V vector extension: [H][W][C] to [C], row by row
 * into int32 sums (docs/quantization.md, rule Q10). */
#include <stdint.h>

#include "common/function.h"
#include "common/uniform_s8_rvv.h"

typedef struct {
  int32_t row_width;  /* W */
  int32_t channels;   /* C */
  int32_t offset;     /* minus the input's zero point times the number of elements */
  int32_t multiplier; /* holds the division by the number of elements */
  int8_t shift;
  int8_t output_zero_point;
} mean_s8_rvv_params;

/* acc is [C]. */
static THIMBLE_NOINLINE void mean_s8_rvv_init(const void *params, void *acc) {
  const mean_s8_rvv_params *p = (const mean_s8_rvv_params *)params;
  thimble_uniform_fill((int32_t *)acc, p->channels, p->offset);
}

/* Adds an input row, [W][C]. */
static THIMBLE_NOINLINE void mean_s8_rvv_row(const void *params, const void *row, void *acc) {
  const mean_s8_rvv_params *p = (const mean_s8_rvv_params *)params;
  thimble_uniform_sum((const int8_t *)row, p->row_width, p->channels, (int32_t *)acc);
}

/* Writes the means, [C]. */
static THIMBLE_NOINLINE void mean_s8_rvv_finish(const void *params, const void *acc, void *out) {
  const mean_s8_rvv_params *p = (const mean_s8_rvv_params *)params;
  int32_t zero = p->output_zero_point;
  size_t vl;
  for (int32_t c = 0; c < p->channels; c += (int32_t)vl) {
    vint16m4_t means;
    vl = __riscv_vsetvl_e32m8((size_t)(p->channels - c));
    means = thimble_uniform_scale(__riscv_vle32_v_i32m8((const int32_t *)acc + c, vl),
                                  p->multiplier, p->shift, vl);
    __riscv_vse8_v_i8m2((int8_t *)out + c,
                        thimble_uniform_clamp(means, INT8_MIN - zero, INT8_MAX - zero, zero, vl),
                        vl);
  }
}
