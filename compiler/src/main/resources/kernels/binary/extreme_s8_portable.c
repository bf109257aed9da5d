/* Elementwise smaller or greater one of two, int8 of one quantisation, by rows and of whole tensors. */
#include <stdint.h>

#include "common/function.h"
#include "common/pairs.h"
#include "common/requantize.h"

typedef struct {
  int8_t min; /* the bounds of the activation */
  int8_t max;
  uint8_t greater; /* 1 for the greater one */
} extreme_s8_bounds;

typedef struct {
  thimble_pair_rows rows;
  extreme_s8_bounds bounds;
} extreme_s8_params;

typedef struct {
  thimble_pair_maps maps;
  extreme_s8_bounds bounds;
} extreme_whole_s8_params;

static THIMBLE_INLINE int32_t extreme_s8_of(const extreme_s8_bounds *q, int32_t first,
                                            int32_t second) {
  return thimble_clamp((first > second) == q->greater ? first : second, q->min, q->max);
}

static THIMBLE_NOINLINE void extreme_s8_run(const void *params, const void *a, const void *b,
                                            int32_t a_step, int32_t b_step, void *out,
                                            int32_t count) {
  const extreme_s8_bounds *q = (const extreme_s8_bounds *)params;
  const int8_t *first = (const int8_t *)a;
  const int8_t *second = (const int8_t *)b;
  int8_t *to = (int8_t *)out;
  for (; count > 0; --count) {
    *to++ = (int8_t)extreme_s8_of(q, *first, *second);
    first += a_step;
    second += b_step;
  }
}

static THIMBLE_NOINLINE void extreme_s8(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const extreme_s8_params *p = (const extreme_s8_params *)params;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, extreme_s8_run, &p->bounds, rows, x0, x1, out, 1, 1);
}

static THIMBLE_NOINLINE void extreme_whole_s8(const void *params, const void *const *inputs,
                                              void *out, void *scratch) {
  const extreme_whole_s8_params *p = (const extreme_whole_s8_params *)params;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, extreme_s8_run, &p->bounds, inputs, out, 1, 1);
}
