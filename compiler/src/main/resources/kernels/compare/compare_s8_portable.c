/* Comparison of pairs of int8 elements, each of a scale of its own, by rows and of whole tensors. */
#include <stdint.h>

#include "common/function.h"
#include "common/pairs.h"
#include "common/requantize.h"

typedef struct {
  int32_t first_multiplier;
  int32_t second_multiplier;
  int8_t first_zero_point;
  int8_t second_zero_point;
  int8_t first_shift; /* both shifts are <= 0 */
  int8_t second_shift;
  uint8_t accepted; /* a sum: 1 less, 2 equal, 4 greater */
} compare_s8_relation;

typedef struct {
  thimble_pair_rows rows;
  compare_s8_relation relation;
} compare_s8_params;

typedef struct {
  thimble_pair_maps maps;
  compare_s8_relation relation;
} compare_whole_s8_params;

/* Rule Q28 of docs/quantization.md. */
static THIMBLE_INLINE int32_t compare_s8_of(const compare_s8_relation *q, int32_t first,
                                            int32_t second) {
  first = (first - q->first_zero_point) * (1 << 8);
  second = (second - q->second_zero_point) * (1 << 8);
  first = thimble_requantize(first, q->first_multiplier, q->first_shift);
  second = thimble_requantize(second, q->second_multiplier, q->second_shift);
  return (q->accepted & (first < second ? 1 : first > second ? 4 : 2)) != 0;
}

static THIMBLE_NOINLINE void compare_s8_run(const void *params, const void *a, const void *b,
                                            int32_t a_step, int32_t b_step, void *out,
                                            int32_t count) {
  const compare_s8_relation *q = (const compare_s8_relation *)params;
  const int8_t *first = (const int8_t *)a;
  const int8_t *second = (const int8_t *)b;
  uint8_t *to = (uint8_t *)out;
  for (; count > 0; --count) {
    *to++ = (uint8_t)compare_s8_of(q, *first, *second);
    first += a_step;
    second += b_step;
  }
}

static THIMBLE_NOINLINE void compare_s8(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const compare_s8_params *p = (const compare_s8_params *)params;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, compare_s8_run, &p->relation, rows, x0, x1, out, 1, 1);
}

static THIMBLE_NOINLINE void compare_whole_s8(const void *params, const void *const *inputs,
                                              void *out, void *scratch) {
  const compare_whole_s8_params *p = (const compare_whole_s8_params *)params;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, compare_s8_run, &p->relation, inputs, out, 1, 1);
}
