/* Sums, differences and squared differences of two stored elements, each of a scale of its own. */
#ifndef THIMBLE_SUMS_H
#define THIMBLE_SUMS_H

#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t first_multiplier;
  int32_t second_multiplier;
  int32_t output_multiplier;
  int32_t min; /* the bounds of the activation, less the output's zero point */
  int32_t max;
  int32_t first_zero_point;
  int32_t second_zero_point;
  int32_t output_zero_point;
  int8_t left_shift; /* the bits that keep the operands' precision */
  int8_t first_shift; /* these shifts are <= 0 */
  int8_t second_shift;
  int8_t output_shift;
  int8_t sign; /* 1 for a sum, -1 for a difference, 0 for the square of the difference */
} thimble_sum_quantization;

/* Rules Q24 to Q26 of docs/quantization.md. */
static THIMBLE_INLINE int32_t thimble_sum(const thimble_sum_quantization *q, int32_t first,
                                          int32_t second) {
  int32_t sum;
  first = (first - q->first_zero_point) * (1 << q->left_shift);
  second = (second - q->second_zero_point) * (1 << q->left_shift);
  first = thimble_requantize(first, q->first_multiplier, q->first_shift);
  second = thimble_requantize(second, q->second_multiplier, q->second_shift);
  sum = q->sign > 0 ? first + second : first - second;
  if (q->sign == 0) {
    sum *= sum;
  }
  sum = thimble_requantize(sum, q->output_multiplier, q->output_shift);
  return thimble_clamp(sum, q->min, q->max) + q->output_zero_point;
}

#endif
