/* The product of two stored int8 elements, each of a scale of its own. */
#ifndef THIMBLE_MUL_S8_H
#define THIMBLE_MUL_S8_H

#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t multiplier;
  int16_t min; /* the bounds of the activation, less the output's zero point */
  int16_t max;
  int8_t first_zero_point;
  int8_t second_zero_point;
  int8_t output_zero_point;
  int8_t shift; /* at most 15, so that the product, shifted left, fits an int32 */
} mul_s8_quantization;

/* Rule Q22 of docs/quantization.md. */
static THIMBLE_INLINE int8_t mul_s8_product(const mul_s8_quantization *q, int32_t first,
                                            int32_t second) {
  int32_t product = (first - q->first_zero_point) * (second - q->second_zero_point);
  product = thimble_requantize(product, q->multiplier, q->shift);
  return (int8_t)(thimble_clamp(product, q->min, q->max) + q->output_zero_point);
}

#endif
