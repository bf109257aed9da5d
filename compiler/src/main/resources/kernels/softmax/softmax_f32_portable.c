/* exp(beta * x) normalised to a sum of 1 along each row, float: [rows][depth]. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t rows;
  int32_t depth;
  float beta;
} softmax_f32_params;

static THIMBLE_NOINLINE void softmax_f32(const void *params, const void *const *inputs, void *out,
                                         void *scratch) {
  const softmax_f32_params *p = (const softmax_f32_params *)params;
  const float *from = (const float *)inputs[0];
  float *to = (float *)out;
  (void)scratch;
  for (int32_t row = 0; row < p->rows; ++row) {
    float max = from[0];
    for (int32_t i = 1; i < p->depth; ++i) {
      max = from[i] > max ? from[i] : max;
    }
    float sum = 0.0f;
    for (int32_t i = 0; i < p->depth; ++i) {
      to[i] = expf((from[i] - max) * p->beta);
      sum += to[i];
    }
    for (int32_t i = 0; i < p->depth; ++i) {
      to[i] /= sum;
    }
    from += p->depth;
    to += p->depth;
  }
}
