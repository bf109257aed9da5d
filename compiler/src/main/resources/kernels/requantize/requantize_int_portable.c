/* Integers of one type, scale and zero point stored as those of another (docs/quantization.md, rule
 * Q11), of a row of elements. */
#include <stdint.h>

#include "common/stored.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t multiplier;
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t min;
  int32_t max;
  int8_t shift;
  uint8_t from; /* the types: common/stored.h */
  uint8_t to;
} requantize_int_params;

static THIMBLE_NOINLINE void requantize_int(const void *params, const void *const *rows, int32_t x0,
                                            int32_t x1, void *out, void *scratch) {
  const requantize_int_params *p = (const requantize_int_params *)params;
  int32_t zero = p->output_zero_point;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t value = thimble_load(rows[0], x, p->from) - p->input_zero_point;
    value = thimble_requantize(value, p->multiplier, p->shift);
    thimble_store(out, x, p->to, thimble_clamp(value, p->min - zero, p->max - zero) + zero);
  }
}
