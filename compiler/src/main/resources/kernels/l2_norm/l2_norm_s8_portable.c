/* Lines of int8 divided by the root of their sum of squares (docs/quantization.md, rule Q66). */
#include <stdint.h>

#include "common/fixed_point.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t depth; /* the elements of a line */
  int8_t zero_point;
} l2_norm_s8_params;

/* value * 2^left, or the nearest int32. */
static THIMBLE_INLINE int32_t l2_norm_s8_saturated(int32_t value, int32_t left) {
  int64_t wide = (int64_t)value * ((int64_t)1 << left);
  return wide > INT32_MAX ? INT32_MAX : wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

/* 1 / sqrt(a) by five steps of Newton's method, as a multiplier and a shift; 0 counts as 1. */
static THIMBLE_NOINLINE int32_t l2_norm_s8_inverse_root(int32_t a, int32_t *shift) {
  int32_t right = 11, half, x = 1 << 28;
  *shift = 0;
  if (a <= 1) {
    return INT32_MAX;
  }
  while (a >= (1 << 29)) {
    a /= 4;
    ++right;
  }
  for (int32_t pairs = 0; a < (1 << 27); ++pairs) {
    a *= 4;
    --right;
  }
  half = thimble_divide_by_power(a >> 1, 1);
  for (int32_t i = 0; i < 5; ++i) {
    int32_t square = thimble_high_multiply(x, x);
    int32_t cube = l2_norm_s8_saturated(thimble_high_multiply(square, x), 6);
    x = l2_norm_s8_saturated(
        thimble_high_multiply(3 << 27, x) - thimble_high_multiply(half, cube), 3);
  }
  x = thimble_high_multiply(x, 1518500250);
  if (right < 0) {
    return (int32_t)((uint32_t)x << -right);
  }
  *shift = -right;
  return x;
}

static THIMBLE_NOINLINE void l2_norm_s8(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const l2_norm_s8_params *p = (const l2_norm_s8_params *)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const int8_t *from = (const int8_t *)rows[0] + x * p->depth;
    int8_t *to = (int8_t *)out + x * p->depth;
    int32_t sum = 0, shift;
    for (int32_t i = 0; i < p->depth; ++i) {
      int32_t value = from[i] - p->zero_point;
      sum += value * value;
    }
    int32_t multiplier = l2_norm_s8_inverse_root(sum, &shift);
    for (int32_t i = 0; i < p->depth; ++i) {
      int32_t value = thimble_requantize(from[i] - p->zero_point, multiplier, shift + 7);
      to[i] = (int8_t)thimble_clamp(value, INT8_MIN, INT8_MAX);
    }
  }
}
