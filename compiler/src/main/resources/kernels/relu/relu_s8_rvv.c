/* Clamp, int8, with the RISC-V vector extension, of a row of elements. */
#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int8_t min;
  int8_t max;
} relu_s8_rvv_params;

static THIMBLE_NOINLINE void relu_s8_rvv(const void *params, const void *const *rows, int32_t x0,
                                         int32_t x1, void *out, void *scratch) {
  const relu_s8_rvv_params *p = (const relu_s8_rvv_params *)params;
  const int8_t *from = (const int8_t *)rows[0] + x0;
  int8_t *to = (int8_t *)out + x0;
  (void)scratch;
  for (size_t left = (size_t)(x1 - x0), vl; left > 0; left -= vl) {
    vint8m8_t values;
    vl = __riscv_vsetvl_e8m8(left);
    values = __riscv_vmax_vx_i8m8(__riscv_vle8_v_i8m8(from, vl), p->min, vl);
    __riscv_vse8_v_i8m8(to, __riscv_vmin_vx_i8m8(values, p->max, vl), vl);
    from += vl;
    to += vl;
  }
}
