/* The sums of an axis's entries up to each of them, int8 (docs/quantization.md, rule Q51). */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t outer;
  int32_t extent;
  int32_t inner;
  int32_t exclusive; /* 1 where an entry is not part of its own sum */
  int32_t reverse;   /* 1 where sums begin at the end */
  int32_t input_multiplier;
  int32_t output_multiplier;
  int8_t input_shift;
  int8_t output_shift;
  int8_t input_zero_point;
  int8_t output_zero_point;
} cumulative_sum_s8_params;

static THIMBLE_NOINLINE void cumulative_sum_s8(const void *params, const void *const *inputs,
                                                void *out, void *scratch) {
  const cumulative_sum_s8_params *p = (const cumulative_sum_s8_params *)params;
  int32_t zero = p->output_zero_point;
  int32_t start = thimble_requantize(-p->input_zero_point * (1 << 20), p->input_multiplier,
                                     p->input_shift);
  (void)scratch;
  for (int32_t line = 0; line < p->outer * p->inner; ++line) {
    int32_t at = line / p->inner * p->extent * p->inner + line % p->inner;
    int32_t step = p->reverse ? -p->inner : p->inner;
    int32_t sum = start;
    at += p->reverse ? (p->extent - 1) * p->inner : 0;
    for (int32_t i = 0; i < p->extent; ++i, at += step) {
      int32_t element = ((const int8_t *)inputs[0])[at] - p->input_zero_point;
      int32_t next =
          sum + thimble_requantize(element * (1 << 20), p->input_multiplier, p->input_shift);
      int32_t result = thimble_requantize(p->exclusive ? sum : next, p->output_multiplier,
                                          p->output_shift);
      ((int8_t *)out)[at] =
          (int8_t)(thimble_clamp(result, INT8_MIN - zero, INT8_MAX - zero) + zero);
      sum = next;
    }
  }
}
