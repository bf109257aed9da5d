/* Mean over rows and columns, float: [H][W][C] to [C], row by row into sums. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t row_width; /* W */
  int32_t channels;  /* C */
  float count;       /* H * W */
} mean_f32_params;

/* acc is [C]. */
static THIMBLE_NOINLINE void mean_f32_init(const void *params, void *acc) {
  const mean_f32_params *p = (const mean_f32_params *)params;
  for (int32_t c = 0; c < p->channels; ++c) {
    ((float *)acc)[c] = 0.0f;
  }
}

/* Adds an input row, [W][C]. */
static THIMBLE_NOINLINE void mean_f32_row(const void *params, const void *row, void *acc) {
  const mean_f32_params *p = (const mean_f32_params *)params;
  const float *from = (const float *)row;
  float *sums = (float *)acc;
  for (int32_t x = 0; x < p->row_width; ++x) {
    for (int32_t c = 0; c < p->channels; ++c) {
      sums[c] += *from++;
    }
  }
}

/* Writes the means, [C]. */
static THIMBLE_NOINLINE void mean_f32_finish(const void *params, const void *acc, void *out) {
  const mean_f32_params *p = (const mean_f32_params *)params;
  for (int32_t c = 0; c < p->channels; ++c) {
    ((float *)out)[c] = ((const float *)acc)[c] / p->count;
  }
}
