/* The gated recurrent unit over frames, float: z and r are gates, c is the candidate, and the next
 * state is (1 - z) . c + z . h. The output may lie at the first state's address where the batch is
 * 1, frames of one time adjoin, or there is one row for each batch entry. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/gates_f32.h"

typedef struct {
  const float *filter;         /* [z, r, c][units][depth] */
  const float *recurrent;      /* [z, r, c][units][units] */
  const float *bias;           /* [z, r, c][units] */
  const float *recurrent_bias; /* as bias */
  thimble_recurrence steps;
  thimble_gate gate;
  thimble_gate candidate;
  float clip;
  uint8_t linear_before_reset;
} gru_f32_params;

static THIMBLE_NOINLINE void gru_f32_step(const gru_f32_params *p, const float *x, const float *h,
                                          float *out, float *scratch) {
  int32_t units = p->steps.units;
  int32_t depth = p->steps.depth;
  float *reset = scratch + units;
  float *candidate = scratch + 2 * units;
  const float *read = h;
  for (int32_t o = 0; o < 2 * units; ++o) {
    float sum = p->bias[o] + thimble_dot_f32(p->filter + o * depth, x, depth);
    sum += p->recurrent_bias[o] + thimble_dot_f32(p->recurrent + o * units, h, units);
    scratch[o] = thimble_gate_of(&p->gate, sum, p->clip);
  }
  if (!p->linear_before_reset) {
    float *product = scratch + 3 * units;
    for (int32_t u = 0; u < units; ++u) {
      product[u] = reset[u] * h[u];
    }
    read = product;
  }
  for (int32_t u = 0; u < units; ++u) {
    int32_t o = 2 * units + u;
    float linear = p->recurrent_bias[o] + thimble_dot_f32(p->recurrent + o * units, read, units);
    float sum = p->bias[o] + thimble_dot_f32(p->filter + o * depth, x, depth);
    sum += p->linear_before_reset ? reset[u] * linear : linear;
    candidate[u] = thimble_gate_of(&p->candidate, sum, p->clip);
  }
  for (int32_t u = 0; u < units; ++u) {
    out[u] = (1.0f - scratch[u]) * candidate[u] + scratch[u] * h[u];
  }
}

static THIMBLE_NOINLINE void gru_f32(const void *params, const void *const *inputs, void *out,
                                     void *scratch) {
  const gru_f32_params *p = (const gru_f32_params *)params;
  const thimble_recurrence *r = &p->steps;
  const float *first = (const float *)inputs[0];
  const float *frames = (const float *)inputs[1];
  float *to = (float *)out;
  for (int32_t step = 0; step < r->frames; ++step) {
    for (int32_t b = 0; b < r->batch; ++b) {
      if (step < thimble_steps(r, b)) {
        const float *x = frames + thimble_step_frame(r, b, step) * r->depth;
        const float *h =
            step ? to + thimble_step_row(r, b, step - 1) * r->units : first + b * r->units;
        gru_f32_step(p, x, h, to + thimble_step_row(r, b, step) * r->units, (float *)scratch);
      }
    }
  }
  thimble_clear_f32(r, to);
}
