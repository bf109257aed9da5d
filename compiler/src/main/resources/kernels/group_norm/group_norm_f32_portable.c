/* (x - mean) / sqrt(variance + epsilon) * scale + bias, where mean and variance are those of a
 * group of channels of a batch entry, float: [N][S][C]. */
#include <math.h>
#include <stdint.h>

#include "common/dot_f32.h"
#include "common/function.h"

typedef struct {
  const float *scale; /* [C], or null where it is read at run time */
  const float *bias;  /* likewise */
  int32_t batch;      /* N */
  int32_t pixels;     /* S */
  int32_t channels;   /* C */
  int32_t size;       /* the channels of a group */
  float epsilon;
} group_norm_f32_params;

/* Normalises a group that begins at from; scale and bias are those of its first channel. */
static THIMBLE_NOINLINE void group_norm_f32_group(const group_norm_f32_params *p, const float *from,
                                                  const float *scale, const float *bias,
                                                  float *to) {
  int32_t length = p->pixels * p->channels;
  float count = (float)(p->pixels * p->size);
  float mean = 0.0f;
  for (int32_t c = 0; c < p->size; ++c) {
    mean += thimble_sum_steps_f32(from + c, p->channels, p->pixels);
  }
  mean /= count;
  for (int32_t i = 0; i < length; i += p->channels) {
    for (int32_t c = 0; c < p->size; ++c) {
      to[i + c] = from[i + c] - mean;
    }
  }
  float variance = 0.0f;
  for (int32_t c = 0; c < p->size; ++c) {
    variance += thimble_dot_steps_f32(to + c, p->channels, to + c, p->channels, p->pixels);
  }
  float factor = 1.0f / sqrtf(variance / count + p->epsilon);
  for (int32_t i = 0; i < length; i += p->channels) {
    for (int32_t c = 0; c < p->size; ++c) {
      to[i + c] = to[i + c] * factor * scale[c] + bias[c];
    }
  }
}

static THIMBLE_NOINLINE void group_norm_f32(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  const group_norm_f32_params *p = (const group_norm_f32_params *)params;
  const float *from = (const float *)*inputs++;
  const float *scale = p->scale ? p->scale : (const float *)*inputs++;
  const float *bias = p->bias ? p->bias : (const float *)*inputs;
  float *to = (float *)out;
  (void)scratch;
  for (int32_t b = 0; b < p->batch; ++b) {
    for (int32_t c = 0; c < p->channels; c += p->size) {
      group_norm_f32_group(p, from + c, scale + c, bias + c, to + c);
    }
    from += p->pixels * p->channels;
    to += p->pixels * p->channels;
  }
}
