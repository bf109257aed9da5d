/* Long short-term memory over frames, float. Of the outputs, the first is h of all steps or of the
 * last one, the second the last c. Each may lie at the address of what it starts with, where the
 * batch is 1, frames of one time adjoin, or there is one row for each batch entry. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/gates_f32.h"

typedef struct {
  const float *filter;    /* [i, o, f, g][units][depth] */
  const float *recurrent; /* [i, o, f, g][units][units] */
  const float *bias;      /* [i, o, f, g][units] */
  const float *peepholes; /* [i, o, f][units], or null */
  thimble_recurrence steps;
  thimble_gate gate;
  thimble_gate cell;
  thimble_gate output;
  float clip;
  float cell_clip;
  uint8_t coupled; /* 1: i is 1 - f */
} lstm_f32_params;

static THIMBLE_INLINE float lstm_f32_gate(const lstm_f32_params *p, float sum, int32_t weight,
                                          float c) {
  if (p->peepholes) {
    sum += p->peepholes[weight] * c;
  }
  return thimble_gate_of(&p->gate, sum, p->clip);
}

static THIMBLE_NOINLINE void lstm_f32_step(const lstm_f32_params *p, const float *x,
                                           const float *h, float *c, float *out, float *sums) {
  int32_t units = p->steps.units;
  int32_t depth = p->steps.depth;
  for (int32_t o = 0; o < 4 * units; ++o) {
    sums[o] = p->bias[o] + thimble_dot_f32(p->filter + o * depth, x, depth);
    sums[o] += thimble_dot_f32(p->recurrent + o * units, h, units);
  }
  for (int32_t u = 0; u < units; ++u) {
    float forget = lstm_f32_gate(p, sums[2 * units + u], 2 * units + u, c[u]);
    float enter = p->coupled ? 1.0f - forget : lstm_f32_gate(p, sums[u], u, c[u]);
    float candidate = thimble_gate_of(&p->cell, sums[3 * units + u], p->clip);
    float cell = forget * c[u] + enter * candidate;
    if (p->cell_clip > 0.0f) {
      cell = thimble_bound_f32(cell, -p->cell_clip, p->cell_clip);
    }
    c[u] = cell;
    float leave = lstm_f32_gate(p, sums[units + u], units + u, cell);
    out[u] = leave * thimble_gate_of(&p->output, cell, 0.0f);
  }
}

static THIMBLE_NOINLINE void lstm_f32(const void *params, const void *const *inputs, void *out,
                                      void *scratch) {
  const lstm_f32_params *p = (const lstm_f32_params *)params;
  const thimble_recurrence *r = &p->steps;
  void *const *outputs = (void *const *)out;
  const float *first = (const float *)inputs[0];
  const float *frames = (const float *)inputs[2];
  float *to = (float *)outputs[0];
  float *c = (float *)outputs[1];
  memmove(c, inputs[1], (uint32_t)(r->batch * r->units) * sizeof(float));
  for (int32_t step = 0; step < r->frames; ++step) {
    for (int32_t b = 0; b < r->batch; ++b) {
      if (step < thimble_steps(r, b)) {
        const float *x = frames + thimble_step_frame(r, b, step) * r->depth;
        const float *h =
            step ? to + thimble_step_row(r, b, step - 1) * r->units : first + b * r->units;
        float *row = to + thimble_step_row(r, b, step) * r->units;
        lstm_f32_step(p, x, h, c + b * r->units, row, (float *)scratch);
      }
    }
  }
  thimble_clear_f32(r, to);
}
