/* Fractions of biases: rule Q70 of docs/quantization.md. Where THIMBLE_BIAS_FRACTIONS is defined, which
 * goes with single rounding, the structures of int8 nodes with filters end in a table of them, in
 * units of 2^-8, which is null where all of a node's biases are whole. */
#ifndef THIMBLE_BIAS_FRACTION_H
#define THIMBLE_BIAS_FRACTION_H

#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

#ifdef THIMBLE_BIAS_FRACTIONS
/* The fraction of a channel's bias. */
#define THIMBLE_FRACTION(params, channel) ((params)->fraction ? (params)->fraction[channel] : 0)
#else
#define THIMBLE_FRACTION(params, channel) 0
#endif

/* thimble_requantize of a sum and a fraction. All terms but the fraction's are whole before the
 * shift, so what that one has below the unit may be cut off. */
static THIMBLE_INLINE int32_t thimble_requantize_bias(int32_t value, int32_t fraction,
                                                      int32_t multiplier, int32_t shift) {
#ifdef THIMBLE_BIAS_FRACTIONS
  int64_t half = (int64_t)1 << (30 - shift);
  half += ((int64_t)fraction * multiplier) >> 8;
  return (int32_t)(((int64_t)value * multiplier + half) >> (31 - shift));
#else
  (void)fraction;
  return thimble_requantize(value, multiplier, shift);
#endif
}

#endif
