/* thimble_requantize in the rounding of this compilation: single where THIMBLE_SINGLE_ROUNDING is
 * defined, else double. Each of the two files is empty in the other's case. */
#ifndef THIMBLE_REQUANTIZE_H
#define THIMBLE_REQUANTIZE_H

#include <stdint.h>

#include "common/function.h"
#include "common/requantize_double.h"
#include "common/requantize_single.h"

/* The value, or the nearest bound where it lies outside of [min, max]. */
static THIMBLE_INLINE int32_t thimble_clamp(int32_t value, int32_t min, int32_t max) {
  if (value < min) {
    return min;
  }
  return value > max ? max : value;
}

#endif
