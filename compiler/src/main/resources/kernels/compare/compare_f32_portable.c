/* Comparison of pairs of floats, by rows and of whole tensors. */
#include <stdint.h>

#include "common/function.h"
#include "common/pairs.h"

typedef struct {
  uint8_t accepted; /* a sum: 1 less, 2 equal, 4 greater, 8 one is not a number */
} compare_f32_relation;

typedef struct {
  thimble_pair_rows rows;
  compare_f32_relation relation;
} compare_f32_params;

typedef struct {
  thimble_pair_maps maps;
  compare_f32_relation relation;
} compare_whole_f32_params;

static THIMBLE_NOINLINE void compare_f32_run(const void *params, const void *a, const void *b,
                                             int32_t a_step, int32_t b_step, void *out,
                                             int32_t count) {
  int32_t accepted = ((const compare_f32_relation *)params)->accepted;
  const float *first = (const float *)a;
  const float *second = (const float *)b;
  uint8_t *to = (uint8_t *)out;
  for (; count > 0; --count) {
    float x = *first, y = *second;
    int32_t relation = x < y ? 1 : x > y ? 4 : x == y ? 2 : 8;
    *to++ = (accepted & relation) != 0;
    first += a_step;
    second += b_step;
  }
}

static THIMBLE_NOINLINE void compare_f32(const void *params, const void *const *rows, int32_t x0,
                                         int32_t x1, void *out, void *scratch) {
  const compare_f32_params *p = (const compare_f32_params *)params;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, compare_f32_run, &p->relation, rows, x0, x1, out, 4, 1);
}

static THIMBLE_NOINLINE void compare_whole_f32(const void *params, const void *const *inputs,
                                               void *out, void *scratch) {
  const compare_whole_f32_params *p = (const compare_whole_f32_params *)params;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, compare_f32_run, &p->relation, inputs, out, 4, 1);
}
