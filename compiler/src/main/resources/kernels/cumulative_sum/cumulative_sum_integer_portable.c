/* The sums of an axis's entries up to each of them, integers of any type. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"

typedef struct {
  int32_t outer;
  int32_t extent;
  int32_t inner;
  int32_t exclusive; /* 1 where an entry is not part of its own sum */
  int32_t reverse;   /* 1 where sums begin at the end */
  int32_t type;      /* see common/integers.h */
} cumulative_sum_integer_params;

static THIMBLE_NOINLINE void cumulative_sum_integer(const void *params, const void *const *inputs,
                                                void *out, void *scratch) {
  const cumulative_sum_integer_params *p = (const cumulative_sum_integer_params *)params;
  (void)scratch;
  for (int32_t line = 0; line < p->outer * p->inner; ++line) {
    int32_t at = line / p->inner * p->extent * p->inner + line % p->inner;
    int32_t step = p->reverse ? -p->inner : p->inner;
    uint64_t sum = 0;
    at += p->reverse ? (p->extent - 1) * p->inner : 0;
    for (int32_t i = 0; i < p->extent; ++i, at += step) {
      uint64_t next = sum + (uint64_t)thimble_integer(inputs[0], p->type, at);
      thimble_put_integer(out, p->type, at, (int64_t)(p->exclusive ? sum : next));
      sum = next;
    }
  }
}
