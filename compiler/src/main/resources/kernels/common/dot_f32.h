/* Sums of floats and of their products. One accumulator for a long row would round every step to the
 * precision of the whole sum; blocks of 64, each in four accumulators, take as many additions and
 * lose a fraction of that. */
#ifndef THIMBLE_DOT_F32_H
#define THIMBLE_DOT_F32_H

#include <stdint.h>

#include "common/function.h"

#define THIMBLE_DOT_BLOCK 64 /* a multiple of 4 */
#define THIMBLE_DOT_LEAST 16 /* fewer are taken one by one */

/* The sum of count products, in the order of rule Q20 of docs/quantization.md. The steps lie
 * between neighbouring elements; inlined, so that literal ones cost nothing. */
static THIMBLE_SPECIALIZED float thimble_dot_steps_f32(const float *a, int32_t a_step,
                                                       const float *b, int32_t b_step,
                                                       int32_t count) {
  float sum = 0.0f;
  while (count >= THIMBLE_DOT_LEAST) {
    int32_t block = count < THIMBLE_DOT_BLOCK ? count & ~3 : THIMBLE_DOT_BLOCK;
    float sum0 = a[0] * b[0];
    float sum1 = a[a_step] * b[b_step];
    float sum2 = a[2 * a_step] * b[2 * b_step];
    float sum3 = a[3 * a_step] * b[3 * b_step];
    count -= block;
    for (block -= 4; block > 0; block -= 4) {
      a += 4 * a_step;
      b += 4 * b_step;
      sum0 += a[0] * b[0];
      sum1 += a[a_step] * b[b_step];
      sum2 += a[2 * a_step] * b[2 * b_step];
      sum3 += a[3 * a_step] * b[3 * b_step];
    }
    a += 4 * a_step;
    b += 4 * b_step;
    sum += (sum0 + sum1) + (sum2 + sum3);
  }
  for (; count > 0; --count) {
    sum += *a * *b;
    a += a_step;
    b += b_step;
  }
  return sum;
}

/* The sum of count elements, in the same order. */
static THIMBLE_SPECIALIZED float thimble_sum_steps_f32(const float *a, int32_t step,
                                                       int32_t count) {
  float sum = 0.0f;
  while (count >= THIMBLE_DOT_LEAST) {
    int32_t block = count < THIMBLE_DOT_BLOCK ? count & ~3 : THIMBLE_DOT_BLOCK;
    float sum0 = a[0];
    float sum1 = a[step];
    float sum2 = a[2 * step];
    float sum3 = a[3 * step];
    count -= block;
    for (block -= 4; block > 0; block -= 4) {
      a += 4 * step;
      sum0 += a[0];
      sum1 += a[step];
      sum2 += a[2 * step];
      sum3 += a[3 * step];
    }
    a += 4 * step;
    sum += (sum0 + sum1) + (sum2 + sum3);
  }
  for (; count > 0; --count) {
    sum += *a;
    a += step;
  }
  return sum;
}

/* The sum of products of neighbouring elements. */
static THIMBLE_NOINLINE float thimble_dot_f32(const float *a, const float *b, int32_t count) {
  return thimble_dot_steps_f32(a, 1, b, 1, count);
}

/* The same added to a sum; the products of a short row one by one. */
static THIMBLE_INLINE float thimble_dot_onto_f32(float sum, const float *a, const float *b,
                                                 int32_t count) {
  if (count >= THIMBLE_DOT_LEAST) {
    return sum + thimble_dot_f32(a, b, count);
  }
  for (int32_t i = 0; i < count; ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

#endif
