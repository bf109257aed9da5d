/* Comparison of pairs of integers, of any integer type, by rows and of whole tensors. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"
#include "common/pairs.h"

typedef struct {
  uint8_t accepted; /* a sum: 1 less, 2 equal, 4 greater */
  int8_t type;      /* as in common/integers.h */
} compare_int_relation;

typedef struct {
  thimble_pair_rows rows;
  compare_int_relation relation;
} compare_int_params;

typedef struct {
  thimble_pair_maps maps;
  compare_int_relation relation;
} compare_whole_int_params;

static THIMBLE_NOINLINE void compare_int_run(const void *params, const void *a, const void *b,
                                             int32_t a_step, int32_t b_step, void *out,
                                             int32_t count) {
  const compare_int_relation *p = (const compare_int_relation *)params;
  int32_t type = p->type;
  int32_t bytes = type & 15;
  const uint8_t *first = (const uint8_t *)a;
  const uint8_t *second = (const uint8_t *)b;
  uint8_t *to = (uint8_t *)out;
  for (; count > 0; --count) {
    int64_t x = thimble_integer(first, type, 0);
    int64_t y = thimble_integer(second, type, 0);
    int32_t relation = x < y ? 1 : x > y ? 4 : 2;
    *to++ = (p->accepted & relation) != 0;
    first += a_step * bytes;
    second += b_step * bytes;
  }
}

static THIMBLE_NOINLINE void compare_int(const void *params, const void *const *rows, int32_t x0,
                                         int32_t x1, void *out, void *scratch) {
  const compare_int_params *p = (const compare_int_params *)params;
  int32_t bytes = p->relation.type & 15;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, compare_int_run, &p->relation, rows, x0, x1, out, bytes, 1);
}

static THIMBLE_NOINLINE void compare_whole_int(const void *params, const void *const *inputs,
                                               void *out, void *scratch) {
  const compare_whole_int_params *p = (const compare_whole_int_params *)params;
  int32_t bytes = p->relation.type & 15;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, compare_int_run, &p->relation, inputs, out, bytes, 1);
}
