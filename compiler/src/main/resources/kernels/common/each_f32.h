/* A function of each float of a row of elements. */
#ifndef THIMBLE_EACH_F32_H
#define THIMBLE_EACH_F32_H

#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int8_t unused; /* a C structure has at least one field */
} each_f32_nothing;

typedef struct {
  float alpha;
  float beta;
} each_f32_numbers;

/* Inlined, and the function with it, into the kernel of each function. */
static THIMBLE_SPECIALIZED void thimble_each_f32(float (*of)(float), const void *const *rows,
                                                 int32_t x0, int32_t x1, void *out) {
  const float *from = (const float *)rows[0];
  float *to = (float *)out;
  for (int32_t x = x0; x < x1; ++x) {
    to[x] = of(from[x]);
  }
}

/* The same with the two numbers that shape the function. */
static THIMBLE_SPECIALIZED void thimble_each_shaped_f32(float (*of)(float, float, float),
                                                        const void *params,
                                                        const void *const *rows, int32_t x0,
                                                        int32_t x1, void *out) {
  const each_f32_numbers *p = (const each_f32_numbers *)params;
  const float *from = (const float *)rows[0];
  float *to = (float *)out;
  float alpha = p->alpha, beta = p->beta;
  for (int32_t x = x0; x < x1; ++x) {
    to[x] = of(from[x], alpha, beta);
  }
}

#endif
