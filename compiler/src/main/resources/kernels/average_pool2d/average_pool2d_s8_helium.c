/* Average over windows of at most 256 taps, int8 (docs/quantization.md, rule Q17), with M-profile
 * vector instructions: output row [W][C] from KH input rows [W][C]; quotients are rounded to the
 * nearest, ties away from zero. Null rows and columns outside of the map take no part, nor are they
 * counted. Channels are stored after all their taps have been read, so without padding at the top
 * or left the output may overwrite the input. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/uniform_s8_helium.h"

typedef struct {
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation */
  int16_t max;
} average_pool2d_s8_helium_params;

static THIMBLE_NOINLINE void average_pool2d_s8_helium(const void *params, const void *const *rows,
                                                      int32_t x0, int32_t x1, void *out,
                                                      void *scratch) {
  const average_pool2d_s8_helium_params *p = (const average_pool2d_s8_helium_params *)params;
  int32_t inside = 0;
  (void)scratch;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    inside += rows[ky] ? 1 : 0;
  }
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t end = column + p->kernel_width;
    int8_t *to = (int8_t *)out + x * p->channels;
    int32_t count;
    uint32_t reciprocal;
    column = column > 0 ? column : 0;
    end = end < p->input_width ? end : p->input_width;
    count = inside * (end - column);
    reciprocal = UINT32_MAX / (uint32_t)count;
    for (int32_t c = 0; c < p->channels; c += 8) {
      mve_pred16_t some = vctp16q((uint32_t)(p->channels - c));
      int16x8_t sum = vdupq_n_s16(0);
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        const int8_t *row = (const int8_t *)rows[ky];
        if (row) {
          row += column * p->channels + c;
          for (int32_t at = column; at < end; ++at) {
            sum = vaddq_s16(sum, vldrbq_z_s16(row, some));
            row += p->channels;
          }
        }
      }
      vstrbq_p_s16(to + c,
                   thimble_common_averages(vmovlbq_s16(sum), vmovltq_s16(sum), count, reciprocal,
                                            p->min, p->max),
                   some);
    }
  }
}
