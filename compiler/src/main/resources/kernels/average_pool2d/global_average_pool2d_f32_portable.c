/* Average over a whole map, float: [H][W][C] to [C], row by row, summed in memory order. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t width;    /* W */
  int32_t channels; /* C */
  int32_t count;    /* H * W */
  float min;        /* the bounds of the activation */
  float max;
} global_average_pool2d_f32_params;

/* acc is [C]. */
static THIMBLE_NOINLINE void global_average_pool2d_f32_init(const void *params, void *acc) {
  const global_average_pool2d_f32_params *p = (const global_average_pool2d_f32_params *)params;
  for (int32_t c = 0; c < p->channels; ++c) {
    ((float *)acc)[c] = 0.0f;
  }
}

/* Adds an input row, [W][C]. */
static THIMBLE_NOINLINE void global_average_pool2d_f32_row(const void *params, const void *row,
                                                           void *acc) {
  const global_average_pool2d_f32_params *p = (const global_average_pool2d_f32_params *)params;
  const float *from = (const float *)row;
  float *sums = (float *)acc;
  for (int32_t x = 0; x < p->width; ++x) {
    for (int32_t c = 0; c < p->channels; ++c) {
      sums[c] += *from++;
    }
  }
}

/* Writes the averages, [C]. */
static THIMBLE_NOINLINE void global_average_pool2d_f32_finish(const void *params, const void *acc,
                                                              void *out) {
  const global_average_pool2d_f32_params *p = (const global_average_pool2d_f32_params *)params;
  for (int32_t c = 0; c < p->channels; ++c) {
    float mean = ((const float *)acc)[c] / (float)p->count;
    ((float *)out)[c] = mean < p->min ? p->min : mean > p->max ? p->max : mean;
  }
}
