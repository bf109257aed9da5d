/* The sums of an axis's entries up to each of them, float. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t outer;
  int32_t extent;
  int32_t inner;
  int32_t exclusive; /* 1 where an entry is not part of its own sum */
  int32_t reverse;   /* 1 where sums begin at the end */
} cumulative_sum_f32_params;

static THIMBLE_NOINLINE void cumulative_sum_f32(const void *params, const void *const *inputs,
                                                void *out, void *scratch) {
  const cumulative_sum_f32_params *p = (const cumulative_sum_f32_params *)params;
  (void)scratch;
  for (int32_t line = 0; line < p->outer * p->inner; ++line) {
    int32_t at = line / p->inner * p->extent * p->inner + line % p->inner;
    int32_t step = p->reverse ? -p->inner : p->inner;
    float sum = 0.0f;
    at += p->reverse ? (p->extent - 1) * p->inner : 0;
    for (int32_t i = 0; i < p->extent; ++i, at += step) {
      float next = sum + ((const float *)inputs[0])[at];
      ((float *)out)[at] = p->exclusive ? sum : next;
      sum = next;
    }
  }
}
