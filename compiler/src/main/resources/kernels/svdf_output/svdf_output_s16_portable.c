/* The output of an SVDF from a memory of int16: [batch][units * rank][frames] to [batch][units]. Rule
 * Q40 of docs/quantization.md. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  const int16_t *filter; /* [units * rank][frames] */
  const int32_t *bias; /* [units] */
  int32_t batch;
  int32_t units;
  int32_t rank;
  int32_t frames;
  int32_t multiplier;
  int8_t shift;
  int8_t zero_point; /* of the output */
} svdf_output_s16_params;

static THIMBLE_NOINLINE void svdf_output_s16(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  const svdf_output_s16_params *p = (const svdf_output_s16_params *)params;
  const int16_t *memory = (const int16_t *)inputs[0];
  int8_t *to = (int8_t *)out;
  (void)scratch;
  for (int32_t b = 0; b < p->batch; ++b) {
    const int16_t *w = p->filter;
    for (int32_t u = 0; u < p->units; ++u) {
      uint32_t sum = (uint32_t)p->bias[u]; /* modulo 2^32 */
      for (int32_t left = p->rank * p->frames; left > 0; --left) {
        sum += (uint32_t)(*w++ * *memory++);
      }
      int32_t value = thimble_requantize((int32_t)sum, p->multiplier, p->shift);
      value = thimble_clamp(value, INT8_MIN - p->zero_point, INT8_MAX - p->zero_point);
      *to++ = (int8_t)(value + p->zero_point);
    }
  }
}
