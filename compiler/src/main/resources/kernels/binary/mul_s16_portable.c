/* Elementwise product, int16 of zero point 0, by rows and of whole tensors. */
#include <stdint.h>

#include "common/function.h"
#include "common/pairs.h"
#include "common/requantize.h"

typedef struct {
  int32_t multiplier;
  int16_t min; /* the bounds of the activation */
  int16_t max;
  int8_t shift; /* at most 0 */
} mul_s16_quantization;

typedef struct {
  thimble_pair_rows rows;
  mul_s16_quantization quantization;
} mul_s16_params;

typedef struct {
  thimble_pair_maps maps;
  mul_s16_quantization quantization;
} mul_whole_s16_params;

/* Rule Q22 of docs/quantization.md. */
static THIMBLE_INLINE int32_t mul_s16_product(const mul_s16_quantization *q, int32_t first,
                                              int32_t second) {
  return thimble_clamp(thimble_requantize(first * second, q->multiplier, q->shift), q->min, q->max);
}

static THIMBLE_NOINLINE void mul_s16_run(const void *params, const void *a, const void *b,
                                         int32_t a_step, int32_t b_step, void *out, int32_t count) {
  const mul_s16_quantization *q = (const mul_s16_quantization *)params;
  const int16_t *first = (const int16_t *)a;
  const int16_t *second = (const int16_t *)b;
  int16_t *to = (int16_t *)out;
  for (; count > 0; --count) {
    *to++ = (int16_t)mul_s16_product(q, *first, *second);
    first += a_step;
    second += b_step;
  }
}

static THIMBLE_NOINLINE void mul_s16(const void *params, const void *const *rows, int32_t x0,
                                     int32_t x1, void *out, void *scratch) {
  const mul_s16_params *p = (const mul_s16_params *)params;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, mul_s16_run, &p->quantization, rows, x0, x1, out, 2, 2);
}

static THIMBLE_NOINLINE void mul_whole_s16(const void *params, const void *const *inputs, void *out,
                                           void *scratch) {
  const mul_whole_s16_params *p = (const mul_whole_s16_params *)params;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, mul_s16_run, &p->quantization, inputs, out, 2, 2);
}
