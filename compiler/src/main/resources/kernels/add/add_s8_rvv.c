/* Elementwise sum, int8, with the RISC-V vector extension: output row [W][C] from a row of each
 * operand; the strides are 0 along the axes that broadcasting repeats. */
#include <stdint.h>

#include "common/add_s8.h"
#include "common/function.h"
#include "common/uniform_s8_rvv.h"

typedef struct {
  const int8_t *second; /* a constant row, or null where the second operand is read at run time */
  int32_t channels;     /* C */
  int32_t first_pixel;  /* the distance from one column to the next, in elements */
  int32_t second_pixel;
  add_s8_quantization quantization;
  uint8_t first_channel; /* the distance from one channel to the next: 0 or 1 */
  uint8_t second_channel;
} add_s8_rvv_params;

/* Elements in the common scale. In single rounding they are two bits further to the left, for then
 * a shift to the right remains after the multiplication. */
static THIMBLE_SPECIALIZED vint32m8_t add_s8_rvv_term(const int8_t *from, int32_t step,
                                                      int32_t zero_point, int32_t multiplier,
                                                      int32_t shift, size_t vl) {
  vint32m8_t values = __riscv_vsext_vf4_i32m8(__riscv_vlse8_v_i8m2(from, step, vl), vl);
  values = __riscv_vsub_vx_i32m8(values, zero_point, vl);
#ifdef THIMBLE_SINGLE_ROUNDING
  values = thimble_scale_multiply_one(__riscv_vsll_vx_i32m8(values, 22, vl), multiplier, vl);
  return __riscv_vssra_vx_i32m8(values, (size_t)(1 - shift), __RISCV_VXRM_RNU, vl);
#else
  values = thimble_scale_multiply_one(__riscv_vsll_vx_i32m8(values, 20, vl), multiplier, vl);
  if (shift < 0) {
    values = thimble_scale_lower(values, vl);
    values = __riscv_vssra_vx_i32m8(values, (size_t)-shift, __RISCV_VXRM_RNU, vl);
  }
  return values;
#endif
}

static THIMBLE_NOINLINE void add_s8_rvv_run(const void *quantization, const int8_t *first,
                                            const int8_t *second, int32_t first_step,
                                            int32_t second_step, int8_t *out, int32_t count) {
  const add_s8_quantization *q = (const add_s8_quantization *)quantization;
  for (size_t left = (size_t)count, vl; left > 0; left -= vl) {
    vint32m8_t sum;
    vint16m4_t result;
    vl = __riscv_vsetvl_e32m8(left);
    sum = add_s8_rvv_term(first, first_step, q->first_zero_point, q->first_multiplier,
                          q->first_shift, vl);
    sum = __riscv_vadd_vv_i32m8(sum,
                                add_s8_rvv_term(second, second_step, q->second_zero_point,
                                                q->second_multiplier, q->second_shift, vl),
                                vl);
    result = thimble_uniform_scale(sum, q->output_multiplier, q->output_shift, vl);
    __riscv_vse8_v_i8m2(out, thimble_uniform_clamp(result, q->min, q->max, q->output_zero_point, vl),
                        vl);
    first += first_step * (int32_t)vl;
    second += second_step * (int32_t)vl;
    out += vl;
  }
}

static THIMBLE_NOINLINE void add_s8_rvv(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const add_s8_rvv_params *p = (const add_s8_rvv_params *)params;
  (void)scratch;
  thimble_uniform_pairs(add_s8_rvv_run, &p->quantization, (const int8_t *)rows[0],
                        p->second ? p->second : (const int8_t *)rows[1], p->first_pixel,
                        p->second_pixel, p->first_channel, p->second_channel, p->channels, x0, x1,
                        (int8_t *)out);
}
