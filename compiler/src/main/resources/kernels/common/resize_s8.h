/* The rounding of bilinear means of int8: docs/quantization.md, rule Q52. */
#ifndef THIMBLE_RESIZE_S8_H
#define THIMBLE_RESIZE_S8_H

#include <stdint.h>

#include "common/function.h"

/* A sum in units of 2^-20, rounded to an integer. */
static THIMBLE_INLINE int8_t thimble_resize_rounded(int32_t sum) {
#ifdef THIMBLE_SINGLE_ROUNDING
  return (int8_t)((sum + (1 << 19)) >> 20);
#else
  return (int8_t)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
#endif
}

#endif
