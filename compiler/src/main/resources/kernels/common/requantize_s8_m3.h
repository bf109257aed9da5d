/* Requantisation for ARMv7-M without the DSP extension: the upper half of a wide product. */
#ifndef THIMBLE_REQUANTIZE_S8_M3_H
#define THIMBLE_REQUANTIZE_S8_M3_H

#include <stdint.h>

#include "common/function.h"

/* The bits below the high multiply's result that the upper half of the product keeps. */
#define THIMBLE_M3_BELOW 7

typedef struct {
  int32_t multiplier;
  int32_t rounding;
  int32_t shift;
} requantize_s8_m3_channel;

/* For a right shift of 1 to 22. */
static THIMBLE_INLINE requantize_s8_m3_channel requantize_s8_m3_of(int32_t multiplier,
                                                                   int32_t shift) {
  requantize_s8_m3_channel channel;
  channel.multiplier = multiplier;
  channel.shift = THIMBLE_M3_BELOW - shift;
  channel.rounding = (int32_t)1 << (channel.shift - 1);
  return channel;
}

/* The output of a sum of less than 2^23 and a fraction of 256: bounds are those of the result less its zero point. */
static THIMBLE_SPECIALIZED int8_t requantize_s8_m3(int32_t sum, int32_t fraction,
                                                   const requantize_s8_m3_channel *channel,
                                                   int32_t min, int32_t max, int32_t zero) {
  int32_t value = (int32_t)(((int64_t)(sum * 256 + fraction) * channel->multiplier) >> 32);
#ifndef THIMBLE_SINGLE_ROUNDING
  /* A negative value is lowered by one, so that ties round away from zero. */
  value += 1 << (THIMBLE_M3_BELOW - 1);
  value += (value >> 31) * (1 << THIMBLE_M3_BELOW);
#endif
  value = (value + channel->rounding) >> channel->shift;
  if (value < min) {
    value = min;
  }
  if (value > max) {
    value = max;
  }
  return (int8_t)(value + zero);
}

#endif
