/* Requantisation of 64-bit sums: rule Q61 of docs/quantization.md, the same in both roundings. */
#ifndef THIMBLE_REQUANTIZE_WIDE_H
#define THIMBLE_REQUANTIZE_WIDE_H

#include <stdint.h>

#include "common/function.h"

/* value * multiplier / 2^31 * 2^shift by the multiplier's upper 16 bits, for shift -31...7. */
static THIMBLE_INLINE int32_t thimble_requantize_wide(int64_t value, int32_t multiplier,
                                                      int32_t shift) {
  int32_t reduced = multiplier < 0x7FFF0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
  int32_t right = 15 - shift;
  return (int32_t)((value * reduced + ((int64_t)1 << (right - 1))) >> right);
}

/* A 64-bit number of which a table has the lower half, and, where it is not null, the upper. */
static THIMBLE_INLINE int64_t thimble_wide(const int32_t *low, const int32_t *high, int32_t i) {
  return high ? (int64_t)(((uint64_t)(uint32_t)high[i] << 32) | (uint32_t)low[i]) : low[i];
}

#endif
