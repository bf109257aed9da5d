/* Integers of a type that is known at run time, by its number: its bytes, and 16 more where it has
 * a sign. */
#ifndef THIMBLE_INTEGERS_H
#define THIMBLE_INTEGERS_H

#include <stdint.h>

#include "common/function.h"

static THIMBLE_INLINE int64_t thimble_integer(const void *from, int32_t type, int32_t i) {
  switch (type) {
    case 1:
      return ((const uint8_t *)from)[i];
    case 2:
      return ((const uint16_t *)from)[i];
    case 4:
      return ((const uint32_t *)from)[i];
    case 17:
      return ((const int8_t *)from)[i];
    case 18:
      return ((const int16_t *)from)[i];
    case 20:
      return ((const int32_t *)from)[i];
    default:
      return ((const int64_t *)from)[i];
  }
}

/* Stores the lowest bits of a number, as many as the type has. */
static THIMBLE_INLINE void thimble_put_integer(void *to, int32_t type, int32_t i, int64_t value) {
  switch (type) {
    case 1:
    case 17:
      ((uint8_t *)to)[i] = (uint8_t)value;
      break;
    case 2:
    case 18:
      ((uint16_t *)to)[i] = (uint16_t)value;
      break;
    case 4:
    case 20:
      ((uint32_t *)to)[i] = (uint32_t)value;
      break;
    default:
      ((int64_t *)to)[i] = value;
      break;
  }
}

#endif
