/* (x - mean) / sqrt(variance + epsilon) * scale + bias of each line of neighbouring elements,
 * float. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const float *scale; /* [depth], or null where it is read at run time */
  const float *bias;  /* likewise */
  int32_t depth;      /* the elements of a line */
  float epsilon;
} layer_norm_f32_params;

static THIMBLE_NOINLINE void layer_norm_f32(const void *params, const void *const *rows, int32_t x0,
                                            int32_t x1, void *out, void *scratch) {
  const layer_norm_f32_params *p = (const layer_norm_f32_params *)params;
  const float *input = (const float *)*rows++;
  const float *scale = p->scale ? p->scale : (const float *)*rows++;
  const float *bias = p->bias ? p->bias : (const float *)*rows;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const float *from = input + x * p->depth;
    float *to = (float *)out + x * p->depth;
    float mean = 0.0f;
    for (int32_t i = 0; i < p->depth; ++i) {
      mean += from[i];
    }
    mean /= (float)p->depth;
    float variance = 0.0f;
    for (int32_t i = 0; i < p->depth; ++i) {
      float distance = from[i] - mean;
      variance += distance * distance;
    }
    float factor = 1.0f / sqrtf(variance / (float)p->depth + p->epsilon);
    for (int32_t i = 0; i < p->depth; ++i) {
      to[i] = (from[i] - mean) * factor * scale[i] + bias[i];
    }
  }
}
