/* Clamp, int8, of a row of elements whose scale and zero point do not change, on cores with the DSP
 * extension: four elements at a time. */
#include <stdint.h>

#include "common/dsp_pixels.h"
#include "common/function.h"

typedef struct {
  int8_t min;
  int8_t max;
} relu_s8_dsp_params;

static THIMBLE_NOINLINE void relu_s8_dsp(const void *params, const void *const *rows, int32_t x0,
                                         int32_t x1, void *out, void *scratch) {
  const relu_s8_dsp_params *p = (const relu_s8_dsp_params *)params;
  (void)scratch;
  dsp_clamp_elements((const int8_t *)rows[0] + x0, (int8_t *)out + x0, x1 - x0, p->min, p->max);
}
