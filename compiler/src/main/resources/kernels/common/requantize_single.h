/* Requantisation with one rounding: TFLITE_SINGLE_ROUNDING, ruy and XNNPACK. */
#ifndef THIMBLE_REQUANTIZE_SINGLE_H
#define THIMBLE_REQUANTIZE_SINGLE_H

#ifdef THIMBLE_SINGLE_ROUNDING

#include <stdint.h>

#include "common/function.h"

/* value * multiplier / 2^31 * 2^shift for multiplier >= 0 and shift -31...30 (docs/quantization.md,
 * rule Q4, single rounding): one rounding shift of the 64-bit product, ties up; the low 32 bits are
 * kept. */
static THIMBLE_INLINE int32_t thimble_requantize(int32_t value, int32_t multiplier, int32_t shift) {
  int64_t half = (int64_t)1 << (30 - shift);
  return (int32_t)(((int64_t)value * multiplier + half) >> (31 - shift));
}

#endif

#endif
