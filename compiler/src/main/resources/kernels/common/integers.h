/* Integers of any type as 64-bit numbers. A type is the bytes of an element, negated where it is
 * signed. */
#ifndef THIMBLE_INTEGERS_H
#define THIMBLE_INTEGERS_H

#include <stdint.h>

#include "common/function.h"

static THIMBLE_NOINLINE int64_t thimble_integer_load(const void *from, int32_t type) {
  switch (type) {
    case 1:
      return *(const uint8_t *)from;
    case -1:
      return *(const int8_t *)from;
    case 2:
      return *(const uint16_t *)from;
    case -2:
      return *(const int16_t *)from;
    case 4:
      return *(const uint32_t *)from;
    case -4:
      return *(const int32_t *)from;
    default:
      return *(const int64_t *)from;
  }
}

/* Stores the low bits. */
static THIMBLE_NOINLINE void thimble_integer_store(void *to, int32_t type, int64_t value) {
  switch (type) {
    case 1:
    case -1:
      *(uint8_t *)to = (uint8_t)value;
      break;
    case 2:
    case -2:
      *(uint16_t *)to = (uint16_t)value;
      break;
    case 4:
    case -4:
      *(uint32_t *)to = (uint32_t)value;
      break;
    default:
      *(int64_t *)to = value;
      break;
  }
}

#endif
