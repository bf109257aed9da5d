/* Elementwise product, int8, with the RISC-V vector extension: output row [W][C] from a row of each
 * operand; the strides are 0 along the axes that broadcasting repeats. */
#include <stdint.h>

#include "common/mul_s8.h"
#include "common/function.h"
#include "common/uniform_s8_rvv.h"

typedef struct {
  const int8_t *second; /* a constant row, or null where the second operand is read at run time */
  int32_t channels;     /* C */
  int32_t first_pixel;  /* the distance from one column to the next, in elements */
  int32_t second_pixel;
  mul_s8_quantization quantization;
  uint8_t first_channel; /* the distance from one channel to the next: 0 or 1 */
  uint8_t second_channel;
} mul_s8_rvv_params;

static THIMBLE_NOINLINE void mul_s8_rvv_run(const void *quantization, const int8_t *first,
                                            const int8_t *second, int32_t first_step,
                                            int32_t second_step, int8_t *out, int32_t count) {
  const mul_s8_quantization *q = (const mul_s8_quantization *)quantization;
  for (size_t left = (size_t)count, vl; left > 0; left -= vl) {
    vint16m4_t a, b, result;
    vl = __riscv_vsetvl_e32m8(left);
    a = __riscv_vwsub_vx_i16m4(__riscv_vlse8_v_i8m2(first, first_step, vl), q->first_zero_point,
                               vl);
    b = __riscv_vwsub_vx_i16m4(__riscv_vlse8_v_i8m2(second, second_step, vl), q->second_zero_point,
                               vl);
    result = thimble_uniform_scale(__riscv_vwmul_vv_i32m8(a, b, vl), q->multiplier, q->shift, vl);
    __riscv_vse8_v_i8m2(out, thimble_uniform_clamp(result, q->min, q->max, q->output_zero_point, vl),
                        vl);
    first += first_step * (int32_t)vl;
    second += second_step * (int32_t)vl;
    out += vl;
  }
}

static THIMBLE_NOINLINE void mul_s8_rvv(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const mul_s8_rvv_params *p = (const mul_s8_rvv_params *)params;
  (void)scratch;
  thimble_uniform_pairs(mul_s8_rvv_run, &p->quantization, (const int8_t *)rows[0],
                        p->second ? p->second : (const int8_t *)rows[1], p->first_pixel,
                        p->second_pixel, p->first_channel, p->second_channel, p->channels, x0, x1,
                        (int8_t *)out);
}
