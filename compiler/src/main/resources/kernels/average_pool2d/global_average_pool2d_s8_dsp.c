/* Average over a whole map, int8 (docs/quantization.md, rule Q17), on cores with the DSP extension:
 * [H][W][C] to [C], row by row into int32 sums; quotients are rounded to the nearest, ties away
 * from zero. */
#include <stdint.h>

#include "common/dsp_row_sums.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t width;    /* W */
  int32_t channels; /* C */
  int32_t count;    /* H * W */
  int16_t min;      /* the bounds of the activation */
  int16_t max;
} global_average_pool2d_s8_dsp_params;

/* acc is [C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_dsp_init(const void *params, void *acc) {
  const global_average_pool2d_s8_dsp_params *p = (const global_average_pool2d_s8_dsp_params *)params;
  for (int32_t c = 0; c < p->channels; ++c) {
    ((int32_t *)acc)[c] = 0;
  }
}

/* Adds an input row, [W][C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_dsp_row(const void *params, const void *row,
                                                          void *acc) {
  const global_average_pool2d_s8_dsp_params *p = (const global_average_pool2d_s8_dsp_params *)params;
  dsp_row_sums((const int8_t *)row, p->width, p->channels, (int32_t *)acc);
}

/* Writes the averages, [C]. */
static THIMBLE_NOINLINE void global_average_pool2d_s8_dsp_finish(const void *params, const void *acc,
                                                             void *out) {
  const global_average_pool2d_s8_dsp_params *p = (const global_average_pool2d_s8_dsp_params *)params;
  for (int32_t c = 0; c < p->channels; ++c) {
    int32_t sum = ((const int32_t *)acc)[c];
    sum = (sum > 0 ? sum + p->count / 2 : sum - p->count / 2) / p->count;
    ((int8_t *)out)[c] = (int8_t)thimble_clamp(sum, p->min, p->max);
  }
}
