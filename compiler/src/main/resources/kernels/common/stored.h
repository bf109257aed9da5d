/* Integers of a type that is known at run time only. */
#ifndef THIMBLE_STORED_H
#define THIMBLE_STORED_H

#include <stdint.h>

#include "common/function.h"

enum { THIMBLE_INT8, THIMBLE_UINT8, THIMBLE_INT16, THIMBLE_INT32 };

static THIMBLE_INLINE int32_t thimble_load(const void *from, int32_t index, int32_t type) {
  switch (type) {
    case THIMBLE_INT8:
      return ((const int8_t *)from)[index];
    case THIMBLE_UINT8:
      return ((const uint8_t *)from)[index];
    case THIMBLE_INT16:
      return ((const int16_t *)from)[index];
    default:
      return ((const int32_t *)from)[index];
  }
}

/* The value must lie within the type's range. */
static THIMBLE_INLINE void thimble_store(void *to, int32_t index, int32_t type, int32_t value) {
  switch (type) {
    case THIMBLE_INT8:
      ((int8_t *)to)[index] = (int8_t)value;
      break;
    case THIMBLE_UINT8:
      ((uint8_t *)to)[index] = (uint8_t)value;
      break;
    case THIMBLE_INT16:
      ((int16_t *)to)[index] = (int16_t)value;
      break;
    default:
      ((int32_t *)to)[index] = value;
      break;
  }
}

#endif
