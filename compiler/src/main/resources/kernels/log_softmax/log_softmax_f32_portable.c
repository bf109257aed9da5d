/* The logarithm of a softmax along lines, float. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t depth;  /* the elements of a line */
  int32_t stride; /* from one element of a line to the next */
  int32_t step;   /* from one line to the next */
} log_softmax_f32_params;

static THIMBLE_NOINLINE void log_softmax_f32(const void *params, const void *const *rows,
                                             int32_t x0, int32_t x1, void *out, void *scratch) {
  const log_softmax_f32_params *p = (const log_softmax_f32_params *)params;
  int32_t length = p->depth * p->stride;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const float *from = (const float *)rows[0] + x * p->step;
    float *to = (float *)out + x * p->step;
    float max = from[0];
    for (int32_t i = p->stride; i < length; i += p->stride) {
      max = from[i] > max ? from[i] : max;
    }
    float sum = 0.0f;
    for (int32_t i = 0; i < length; i += p->stride) {
      sum += expf(from[i] - max);
    }
    sum = logf(sum);
    for (int32_t i = 0; i < length; i += p->stride) {
      to[i] = from[i] - max - sum;
    }
  }
}
