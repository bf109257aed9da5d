/* Functions of pairs of floats. */
#ifndef THIMBLE_PAIRS_F32_H
#define THIMBLE_PAIRS_F32_H

#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/pairs.h"

typedef struct {
  float min; /* the bounds of the activation */
  float max;
} pairs_f32_bounds;

typedef struct {
  thimble_pair_rows rows;
  pairs_f32_bounds bounds;
} pairs_f32_by_rows;

typedef struct {
  thimble_pair_maps maps;
  pairs_f32_bounds bounds;
} pairs_f32_of_maps;

/* Inlined, and the function with it, into the run of each function. */
static THIMBLE_SPECIALIZED void thimble_pairs_f32(float (*of)(float, float), const void *params,
                                                  const void *a, const void *b, int32_t a_step,
                                                  int32_t b_step, void *out, int32_t count) {
  const pairs_f32_bounds *bounds = (const pairs_f32_bounds *)params;
  const float *first = (const float *)a;
  const float *second = (const float *)b;
  float *to = (float *)out;
  float min = bounds->min, max = bounds->max;
  for (; count > 0; --count) {
    float result = of(*first, *second);
    *to++ = result < min ? min : result > max ? max : result;
    first += a_step;
    second += b_step;
  }
}

#endif
