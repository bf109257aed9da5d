/* x / (bias + alpha * s)^beta, where s is the sum of squares of the channels around x, float. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t depth; /* C */
  int32_t before;
  int32_t after;
  float bias;
  float alpha;
  float beta;
} local_response_norm_f32_params;

static THIMBLE_NOINLINE void local_response_norm_f32(const void *params, const void *const *rows,
                                                     int32_t x0, int32_t x1, void *out,
                                                     void *scratch) {
  const local_response_norm_f32_params *p = (const local_response_norm_f32_params *)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const float *from = (const float *)rows[0] + x * p->depth;
    float *to = (float *)out + x * p->depth;
    for (int32_t c = 0; c < p->depth; ++c) {
      int32_t begin = c > p->before ? c - p->before : 0;
      int32_t end = p->depth - c > p->after ? c + p->after + 1 : p->depth;
      float sum = 0.0f;
      for (int32_t i = begin; i < end; ++i) {
        sum += from[i] * from[i];
      }
      to[c] = from[c] / powf(p->bias + p->alpha * sum, p->beta);
    }
  }
}
