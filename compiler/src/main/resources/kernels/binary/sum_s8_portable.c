/* Elementwise difference, or its square, int8, by rows and of whole tensors. */
#include <stdint.h>

#include "common/function.h"
#include "common/pairs.h"
#include "common/sums.h"

typedef struct {
  thimble_pair_rows rows;
  thimble_sum_quantization quantization;
} sum_s8_params;

typedef struct {
  thimble_pair_maps maps;
  thimble_sum_quantization quantization;
} sum_whole_s8_params;

static THIMBLE_NOINLINE void sum_s8_run(const void *params, const void *a, const void *b,
                                        int32_t a_step, int32_t b_step, void *out, int32_t count) {
  const thimble_sum_quantization *q = (const thimble_sum_quantization *)params;
  const int8_t *first = (const int8_t *)a;
  const int8_t *second = (const int8_t *)b;
  int8_t *to = (int8_t *)out;
  for (; count > 0; --count) {
    *to++ = (int8_t)thimble_sum(q, *first, *second);
    first += a_step;
    second += b_step;
  }
}

static THIMBLE_NOINLINE void sum_s8(const void *params, const void *const *rows, int32_t x0,
                                    int32_t x1, void *out, void *scratch) {
  const sum_s8_params *p = (const sum_s8_params *)params;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, sum_s8_run, &p->quantization, rows, x0, x1, out, 1, 1);
}

static THIMBLE_NOINLINE void sum_whole_s8(const void *params, const void *const *inputs, void *out,
                                          void *scratch) {
  const sum_whole_s8_params *p = (const sum_whole_s8_params *)params;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, sum_s8_run, &p->quantization, inputs, out, 1, 1);
}
