/* The functions that recurrent nodes apply to their sums, and those sums, in float. */
#ifndef THIMBLE_GATES_F32_H
#define THIMBLE_GATES_F32_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/dot_f32.h"
#include "common/function.h"
#include "common/recurrence.h"

typedef float (*thimble_gate_fn)(float x, float alpha, float beta);

typedef struct {
  thimble_gate_fn function;
  float alpha;
  float beta;
} thimble_gate;

static THIMBLE_INLINE float thimble_bound_f32(float x, float min, float max) {
  return x < min ? min : x > max ? max : x;
}

#define THIMBLE_GATE(name, expression)                                                  \
  static THIMBLE_INLINE float thimble_gate_##name(float x, float alpha, float beta) { \
    (void)alpha;                                                                        \
    (void)beta;                                                                         \
    return expression;                                                                  \
  }

THIMBLE_GATE(sigmoid, 1.0f / (1.0f + expf(-x)))
THIMBLE_GATE(tanh, tanhf(x))
THIMBLE_GATE(relu, x > 0.0f ? x : 0.0f)
THIMBLE_GATE(affine, x * alpha + beta)
THIMBLE_GATE(leaky_relu, x >= 0.0f ? x : x * alpha)
THIMBLE_GATE(thresholded_relu, x > alpha ? x : 0.0f)
THIMBLE_GATE(scaled_tanh, tanhf(x * beta) * alpha)
THIMBLE_GATE(hard_sigmoid, thimble_bound_f32(x * alpha + beta, 0.0f, 1.0f))
THIMBLE_GATE(elu, x >= 0.0f ? x : expm1f(x) * alpha)
THIMBLE_GATE(softsign, x / (1.0f + fabsf(x)))
THIMBLE_GATE(softplus, (x > 0.0f ? x : 0.0f) + log1pf(expf(-fabsf(x))))
THIMBLE_GATE(relu6, thimble_bound_f32(x, 0.0f, 6.0f))

/* The function's value of a sum, which is bounded to [-clip, clip] first unless clip is 0. */
static THIMBLE_INLINE float thimble_gate_of(const thimble_gate *gate, float sum, float clip) {
  float x = clip > 0.0f ? thimble_bound_f32(sum, -clip, clip) : sum;
  return gate->function(x, gate->alpha, gate->beta);
}

/* The rows that no step writes are zero. */
static THIMBLE_INLINE void thimble_clear_f32(const thimble_recurrence *r, float *out) {
  for (int32_t b = 0; b < r->batch && !r->last; ++b) {
    for (int32_t t = thimble_steps(r, b); t < r->frames; ++t) {
      memset(out + thimble_frame(r, b, t) * r->units, 0, (uint32_t)r->units * sizeof(float));
    }
  }
}

#endif
