/* Fixed-point arithmetic on 32-bit integers, as rules Q4 and Q12 to Q15 of docs/quantization.md
 * define it. The right shift of a negative number is arithmetic with every compiler that Thimble
 * supports. */
#ifndef THIMBLE_FIXED_POINT_H
#define THIMBLE_FIXED_POINT_H

#include <stdint.h>

#include "common/function.h"

/* round(a * b / 2^31), ties up: rule Q4's first step. Rounding the exact product up from half
 * agrees with the reference, which nudges by sign and divides towards zero. Not for a == b ==
 * INT32_MIN, whose result does not fit. */
static THIMBLE_INLINE int32_t thimble_high_multiply(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* round(value / 2^exponent), ties away from zero, for exponents 1...31 and every value but the two
 * extremes, INT32_MIN and INT32_MAX. A negative value is lowered by one, which turns a tie up into
 * a tie away from zero and changes nothing else; halving last cannot overflow. */
static THIMBLE_INLINE int32_t thimble_divide_by_power(int32_t value, int32_t exponent) {
  int32_t lowered = value + (value >> 31);
  return ((lowered >> (exponent - 1)) + 1) >> 1;
}

#endif
