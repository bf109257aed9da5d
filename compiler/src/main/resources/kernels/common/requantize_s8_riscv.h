/* Requantisation for RISC-V with multiplication: one rounding of the product's upper half. */
#ifndef THIMBLE_REQUANTIZE_S8_RISCV_H
#define THIMBLE_REQUANTIZE_S8_RISCV_H

#include <stdint.h>

#include "common/bias_fraction.h"
#include "common/function.h"
#include "common/requantize.h"

/* The bits of the product below those that the rounding high multiply keeps. */
#define THIMBLE_RISCV_BELOW 7

/* The constants of one output channel. */
typedef struct {
  int32_t multiplier;
  int32_t rounding;
  int32_t shift;
} requantize_s8_riscv_channel;

/* For a right shift of 1 to 22. */
static THIMBLE_INLINE requantize_s8_riscv_channel requantize_s8_riscv_of(int32_t multiplier,
                                                                         int32_t shift) {
  requantize_s8_riscv_channel channel;
  channel.multiplier = multiplier;
  channel.shift = THIMBLE_RISCV_BELOW - shift;
  channel.rounding = (int32_t)1 << (channel.shift - 1);
  return channel;
}

/* thimble_requantize_bias of a sum of less than 2^23 and a fraction, whose product's upper half, with seven bits below
 * the high multiply's result, one instruction gives. Where the bounds clamp negative results to 0,
 * the callers say so by `clamped`: then it does not matter which way a negative tie goes. */
static THIMBLE_SPECIALIZED int32_t requantize_s8_riscv(int32_t sum, int32_t fraction,
                                                       const requantize_s8_riscv_channel *channel,
                                                       int32_t clamped) {
  int32_t value = (int32_t)(((int64_t)(sum * 256 + fraction) * channel->multiplier) >> 32);
#ifndef THIMBLE_SINGLE_ROUNDING
  value += 1 << (THIMBLE_RISCV_BELOW - 1);
  if (!clamped) {
    value += (value >> 31) * (1 << THIMBLE_RISCV_BELOW);
  }
#else
  (void)clamped;
#endif
  return (value + channel->rounding) >> channel->shift;
}

#endif
