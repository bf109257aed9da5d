/* Maximum over windows, int8, with M-profile vector instructions: output row [W][C] from KH input
 * rows [W][C]. Null rows and columns outside of the map take no part. Channels are stored after all
 * their taps have been read, so without padding at the top or left the output may overwrite the
 * input. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation */
  int16_t max;
} max_pool2d_s8_helium_params;

static THIMBLE_NOINLINE void max_pool2d_s8_helium(const void *params, const void *const *rows,
                                                  int32_t x0, int32_t x1, void *out,
                                                  void *scratch) {
  const max_pool2d_s8_helium_params *p = (const max_pool2d_s8_helium_params *)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t end = column + p->kernel_width;
    int8_t *to = (int8_t *)out + x * p->channels;
    column = column > 0 ? column : 0;
    end = end < p->input_width ? end : p->input_width;
    for (int32_t c = 0; c < p->channels; c += 16) {
      mve_pred16_t some = vctp8q((uint32_t)(p->channels - c));
      int8x16_t best = vdupq_n_s8((int8_t)p->min);
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        const int8_t *row = (const int8_t *)rows[ky];
        if (row) {
          row += column * p->channels + c;
          for (int32_t at = column; at < end; ++at) {
            best = vmaxq_s8(best, vldrbq_z_s8(row, some));
            row += p->channels;
          }
        }
      }
      vstrbq_p_s8(to + c, vminq_s8(best, vdupq_n_s8((int8_t)p->max)), some);
    }
  }
}
