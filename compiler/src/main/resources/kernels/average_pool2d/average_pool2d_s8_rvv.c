/* Average over windows, int8 (docs/quantization.md, rule Q17), with the RISC-V vector extension:
 * output row [W][C] from KH input rows [W][C]; quotients are rounded to the nearest, ties away from
 * zero. Null rows and columns outside of the map take no part, nor are they counted. Channels are
 * stored after all their taps have been read, so without padding at the top or left the output may
 * overwrite the input. */
#include <stdint.h>

#include "common/function.h"
#include "common/uniform_s8_rvv.h"

typedef struct {
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation */
  int16_t max;
} average_pool2d_s8_rvv_params;

static THIMBLE_NOINLINE void average_pool2d_s8_rvv(const void *params, const void *const *rows,
                                                   int32_t x0, int32_t x1, void *out,
                                                   void *scratch) {
  const average_pool2d_s8_rvv_params *p = (const average_pool2d_s8_rvv_params *)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t end = column + p->kernel_width;
    int8_t *to = (int8_t *)out + x * p->channels;
    size_t vl;
    column = column > 0 ? column : 0;
    end = end < p->input_width ? end : p->input_width;
    for (int32_t c = 0; c < p->channels; c += (int32_t)vl) {
      vint32m8_t sum;
      int32_t count = 0;
      vl = __riscv_vsetvl_e32m8((size_t)(p->channels - c));
      sum = __riscv_vmv_v_x_i32m8(0, vl);
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        const int8_t *row = (const int8_t *)rows[ky];
        if (row) {
          row += column * p->channels + c;
          for (int32_t at = column; at < end; ++at) {
            vint16m4_t wide = __riscv_vsext_vf2_i16m4(__riscv_vle8_v_i8m2(row, vl), vl);
            sum = __riscv_vwadd_wv_i32m8(sum, wide, vl);
            row += p->channels;
          }
          count += end - column;
        }
      }
      __riscv_vse8_v_i8m2(to + c, thimble_uniform_average(sum, count, p->min, p->max, vl), vl);
    }
  }
}
