/* Mean over rows and columns, int8, on cores with the DSP extension: [H][W][C] to [C], row by row
 * into int32 sums (docs/quantization.md, rule Q10). */
#include <stdint.h>

#include "common/dsp_row_sums.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t row_width;  /* W */
  int32_t channels;   /* C */
  int32_t offset;     /* minus the input's zero point times the number of elements */
  int32_t multiplier; /* holds the division by the number of elements */
  int8_t shift;
  int8_t output_zero_point;
} mean_s8_dsp_params;

/* acc is [C]. */
static THIMBLE_NOINLINE void mean_s8_dsp_init(const void *params, void *acc) {
  const mean_s8_dsp_params *p = (const mean_s8_dsp_params *)params;
  for (int32_t c = 0; c < p->channels; ++c) {
    ((int32_t *)acc)[c] = p->offset;
  }
}

/* Adds an input row, [W][C]. */
static THIMBLE_NOINLINE void mean_s8_dsp_row(const void *params, const void *row, void *acc) {
  const mean_s8_dsp_params *p = (const mean_s8_dsp_params *)params;
  dsp_row_sums((const int8_t *)row, p->row_width, p->channels, (int32_t *)acc);
}

/* Writes the means, [C]. */
static THIMBLE_NOINLINE void mean_s8_dsp_finish(const void *params, const void *acc, void *out) {
  const mean_s8_dsp_params *p = (const mean_s8_dsp_params *)params;
  int32_t zero = p->output_zero_point;
  for (int32_t c = 0; c < p->channels; ++c) {
    int32_t mean = thimble_requantize(((const int32_t *)acc)[c], p->multiplier, p->shift);
    ((int8_t *)out)[c] = (int8_t)(thimble_clamp(mean, INT8_MIN - zero, INT8_MAX - zero) + zero);
  }
}
