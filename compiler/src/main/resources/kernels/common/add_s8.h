/* The sum of two stored int8 elements, each of a scale of its own. */
#ifndef THIMBLE_ADD_S8_H
#define THIMBLE_ADD_S8_H

#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t first_multiplier;
  int32_t second_multiplier;
  int32_t output_multiplier;
  int16_t min; /* the bounds of the activation, less the output's zero point */
  int16_t max;
  int8_t first_zero_point;
  int8_t second_zero_point;
  int8_t output_zero_point;
  int8_t first_shift; /* all shifts are <= 0 */
  int8_t second_shift;
  int8_t output_shift;
} add_s8_quantization;

/* Rule Q9 of docs/quantization.md: both are scaled to a common scale with 20 more bits, added, and
 * scaled to the output's. */
static THIMBLE_INLINE int8_t add_s8_sum(const add_s8_quantization *q, int32_t first,
                                        int32_t second) {
  int32_t sum;
  first = (first - q->first_zero_point) * (1 << 20);
  second = (second - q->second_zero_point) * (1 << 20);
  sum = thimble_requantize(first, q->first_multiplier, q->first_shift) +
        thimble_requantize(second, q->second_multiplier, q->second_shift);
  sum = thimble_requantize(sum, q->output_multiplier, q->output_shift);
  return (int8_t)(thimble_clamp(sum, q->min, q->max) + q->output_zero_point);
}

#endif
