/* Elementwise x, or a slope of its own times x below 0, int8, by rows and of whole tensors. */
#include <stdint.h>

#include "common/function.h"
#include "common/pairs.h"
#include "common/requantize.h"

typedef struct {
  int32_t identity_multiplier;
  int32_t product_multiplier;
  int16_t min; /* the bounds of the activation, less the output's zero point */
  int16_t max;
  int8_t input_zero_point;
  int8_t slope_zero_point;
  int8_t output_zero_point;
  int8_t identity_shift; /* at most 23, so that a shifted element fits an int32 */
  int8_t product_shift;  /* at most 15, so that a shifted product does */
} prelu_s8_quantization;

typedef struct {
  thimble_pair_rows rows;
  prelu_s8_quantization quantization;
} prelu_s8_params;

typedef struct {
  thimble_pair_maps maps;
  prelu_s8_quantization quantization;
} prelu_whole_s8_params;

/* Rule Q27 of docs/quantization.md. */
static THIMBLE_INLINE int32_t prelu_s8_of(const prelu_s8_quantization *q, int32_t value,
                                          int32_t slope) {
  value -= q->input_zero_point;
  if (value >= 0) {
    value = thimble_requantize(value, q->identity_multiplier, q->identity_shift);
  } else {
    value = thimble_requantize(value * (slope - q->slope_zero_point), q->product_multiplier,
                               q->product_shift);
  }
  return thimble_clamp(value, q->min, q->max) + q->output_zero_point;
}

static THIMBLE_NOINLINE void prelu_s8_run(const void *params, const void *a, const void *b,
                                          int32_t a_step, int32_t b_step, void *out,
                                          int32_t count) {
  const prelu_s8_quantization *q = (const prelu_s8_quantization *)params;
  const int8_t *first = (const int8_t *)a;
  const int8_t *second = (const int8_t *)b;
  int8_t *to = (int8_t *)out;
  for (; count > 0; --count) {
    *to++ = (int8_t)prelu_s8_of(q, *first, *second);
    first += a_step;
    second += b_step;
  }
}

static THIMBLE_NOINLINE void prelu_s8(const void *params, const void *const *rows, int32_t x0,
                                      int32_t x1, void *out, void *scratch) {
  const prelu_s8_params *p = (const prelu_s8_params *)params;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, prelu_s8_run, &p->quantization, rows, x0, x1, out, 1, 1);
}

static THIMBLE_NOINLINE void prelu_whole_s8(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  const prelu_whole_s8_params *p = (const prelu_whole_s8_params *)params;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, prelu_s8_run, &p->quantization, inputs, out, 1, 1);
}
