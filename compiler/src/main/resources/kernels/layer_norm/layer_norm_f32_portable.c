/* (x - mean) / sqrt(variance + epsilon) * scale + bias of each line of neighbouring elements,
 * float. */
#include <math.h>
#include <stdint.h>

#include "common/dot_f32.h"
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
    float mean = thimble_sum_steps_f32(from, 1, p->depth) / (float)p->depth;
    for (int32_t i = 0; i < p->depth; ++i) {
      to[i] = from[i] - mean;
    }
    float variance = thimble_dot_f32(to, to, p->depth) / (float)p->depth;
    float factor = 1.0f / sqrtf(variance + p->epsilon);
    for (int32_t i = 0; i < p->depth; ++i) {
      to[i] = to[i] * factor * scale[i] + bias[i];
    }
  }
}
