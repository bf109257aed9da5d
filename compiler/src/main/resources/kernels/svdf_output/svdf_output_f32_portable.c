/* The output of an SVDF from its memory, float: [batch][units * rank][frames] to [batch][units]. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const float *filter; /* [units * rank][frames] */
  const float *bias;   /* [units] */
  int32_t batch;
  int32_t units;
  int32_t rank;
  int32_t frames;
  float min;
  float max;
} svdf_output_f32_params;

static THIMBLE_NOINLINE void svdf_output_f32(const void *params, const void *const *inputs,
                                             void *out, void *scratch) {
  const svdf_output_f32_params *p = (const svdf_output_f32_params *)params;
  const float *memory = (const float *)inputs[0];
  float *to = (float *)out;
  (void)scratch;
  for (int32_t b = 0; b < p->batch; ++b) {
    const float *w = p->filter;
    for (int32_t u = 0; u < p->units; ++u) {
      float sum = p->bias[u];
      for (int32_t r = 0; r < p->rank; ++r) {
        float products = 0.0f;
        for (int32_t i = 0; i < p->frames; ++i) {
          products += *w++ * *memory++;
        }
        sum += products;
      }
      *to++ = sum < p->min ? p->min : sum > p->max ? p->max : sum;
    }
  }
}
