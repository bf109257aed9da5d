/* Any function of an int8 element, by its results for all of them, with the RISC-V vector
 * extension. */
#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const int8_t *table; /* [256], by the element read as a uint8 */
} lookup_s8_rvv_params;

static THIMBLE_NOINLINE void lookup_s8_rvv(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  const lookup_s8_rvv_params *p = (const lookup_s8_rvv_params *)params;
  const uint8_t *from = (const uint8_t *)rows[0] + x0;
  int8_t *to = (int8_t *)out + x0;
  (void)scratch;
  for (size_t left = (size_t)(x1 - x0), vl; left > 0; left -= vl) {
    vl = __riscv_vsetvl_e8m8(left);
    __riscv_vse8_v_i8m8(to, __riscv_vluxei8_v_i8m8(p->table, __riscv_vle8_v_u8m8(from, vl), vl),
                        vl);
    from += vl;
    to += vl;
  }
}
