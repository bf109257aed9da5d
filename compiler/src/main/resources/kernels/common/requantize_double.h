/* Requantisation with two roundings: TensorFlow Lite's reference kernels by default. */
#ifndef THIMBLE_REQUANTIZE_DOUBLE_H
#define THIMBLE_REQUANTIZE_DOUBLE_H

#ifndef THIMBLE_SINGLE_ROUNDING

#include <stdint.h>

#include "common/fixed_point.h"
#include "common/function.h"

/* value * multiplier / 2^31 * 2^shift for multiplier >= 0 and shift -31...30 (docs/quantization.md,
 * rule Q4, double rounding): shift left, with wrapping; rounding doubling high multiply; rounding
 * shift right, ties away from zero. */
static THIMBLE_INLINE int32_t thimble_requantize(int32_t value, int32_t multiplier, int32_t shift) {
  if (shift >= 0) {
    return thimble_high_multiply((int32_t)((uint32_t)value << shift), multiplier);
  }
  return thimble_divide_by_power(thimble_high_multiply(value, multiplier), -shift);
}

#endif

#endif
