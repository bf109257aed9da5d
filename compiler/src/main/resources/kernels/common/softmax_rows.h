/* Softmax along each row of int8, [rows][depth], in the fixed-point arithmetic of
 * docs/quantization.md, rule Q15. "Qm.f" counts integer and fractional bits. */
#ifndef THIMBLE_SOFTMAX_ROWS_H
#define THIMBLE_SOFTMAX_ROWS_H

#include <stdint.h>

#include "common/fixed_point.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t rows;
  int32_t depth;
  int32_t multiplier; /* of an element's distance to its row's maximum, to Q5.26 */
  int16_t diff_min;   /* smaller differences have an exponential of 0 */
  int8_t shift;       /* >= 0 */
} softmax_rows_params;

/* The exponential of a difference <= 0, in Q0.31 (rule Q12); 0 below diff_min. */
static THIMBLE_NOINLINE int32_t softmax_rows_exp(const softmax_rows_params *p, int32_t difference) {
  /* exp(-1/4), exp(-1/2) and so on up to exp(-16), in Q0.31. */
  static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308,
                                     39332535,   720401,     242};
  if (difference >= 0) {
    return INT32_MAX;
  }
  if (difference < p->diff_min) {
    return 0;
  }
  int32_t a = thimble_requantize(difference, p->multiplier, p->shift);
  int32_t quarter = (int32_t)1 << 24;
  int32_t modulus = (a & (quarter - 1)) - quarter; /* a = modulus - a multiple of 1/4 */
  /* The exponential of the modulus by a series around -1/8. */
  int32_t x = modulus * (1 << 5) + ((int32_t)1 << 28);
  int32_t x2 = thimble_high_multiply(x, x);
  int32_t x3 = thimble_high_multiply(x2, x);
  int32_t x4 = thimble_high_multiply(x2, x2);
  int32_t tail = thimble_divide_by_power(x4, 2) + x3;
  tail = thimble_high_multiply(tail, 715827883) + x2; /* 1/3 */
  tail = x + thimble_divide_by_power(tail, 1);
  int32_t result = 1895147668 + thimble_high_multiply(1895147668, tail); /* exp(-1/8) */
  int32_t quarters = (modulus - a) >> 24;
  for (int32_t i = 0; i < 7; ++i) {
    if ((quarters >> i) & 1) {
      result = thimble_high_multiply(result, factors[i]);
    }
  }
  return result;
}

/* Rule Q13: 1 / (1 + a) in Q0.31 for a Q0.31 in [0, 1]: three steps of Newton's method on a / 2 + 1
 * / 2, whose reciprocal, in Q2.29, starts as 48/17 - 32/17 of it. */
static THIMBLE_NOINLINE int32_t softmax_rows_reciprocal(int32_t a) {
  int32_t half = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2);
  int32_t x = 1515870810 + thimble_high_multiply(half, -1010580540);
  for (int32_t step = 0; step < 3; ++step) {
    int32_t error = ((int32_t)1 << 29) - thimble_high_multiply(half, x);
    x += thimble_high_multiply(x, error) * 4;
  }
  return x > INT32_MAX / 2 ? INT32_MAX : x * 2;
}

/* All rows, to int8 of scale 1/256 and zero point -128; where `wide` is 1, to int16 of scale
 * 1/65536 and zero point -32768. */
static THIMBLE_SPECIALIZED void softmax_rows(const softmax_rows_params *p, const int8_t *from,
                                             void *out, int32_t wide) {
  int8_t *to8 = (int8_t *)out;
  int16_t *to16 = (int16_t *)out;
  int32_t most = wide ? UINT16_MAX : UINT8_MAX;
  for (int32_t row = 0; row < p->rows; ++row) {
    int32_t max = from[0];
    for (int32_t i = 1; i < p->depth; ++i) {
      max = from[i] > max ? from[i] : max;
    }
    uint32_t sum = 0; /* Q12.19 */
    for (int32_t i = 0; i < p->depth; ++i) {
      sum += (uint32_t)thimble_divide_by_power(softmax_rows_exp(p, from[i] - max), 12);
    }
    /* Shifted up to start with a 1 bit, the sum is 1 plus a fraction. */
    int32_t exponent = wide ? 27 : 35;
    for (; sum < (uint32_t)1 << 31; sum <<= 1) {
      --exponent;
    }
    int32_t reciprocal = softmax_rows_reciprocal((int32_t)(sum & INT32_MAX));
    for (int32_t i = 0; i < p->depth; ++i) {
      int32_t result = thimble_high_multiply(reciprocal, softmax_rows_exp(p, from[i] - max));
      result = exponent > 31 ? 0 : thimble_divide_by_power(result, exponent);
      result = result < most ? result : most;
      if (wide) {
        to16[i] = (int16_t)(result + INT16_MIN);
      } else {
        to8[i] = (int8_t)(result + INT8_MIN);
      }
    }
    from += p->depth;
    to8 += p->depth;
    to16 += p->depth;
  }
}

#endif
