/* h = f(W x + R h + b) over frames, float. The output may lie at the first state's address where
 * the batch is 1, frames of one time adjoin, or there is one row for each batch entry. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/gates_f32.h"

typedef struct {
  const float *filter;    /* [units][depth] */
  const float *recurrent; /* [units][units] */
  const float *bias;      /* [units] */
  thimble_recurrence steps;
  thimble_gate activation;
  float clip;
} rnn_f32_params;

static THIMBLE_NOINLINE void rnn_f32(const void *params, const void *const *inputs, void *out,
                                     void *scratch) {
  const rnn_f32_params *p = (const rnn_f32_params *)params;
  const thimble_recurrence *r = &p->steps;
  const float *first = (const float *)inputs[0];
  const float *frames = (const float *)inputs[1];
  float *to = (float *)out;
  float *next = (float *)scratch; /* [units] */
  int32_t units = r->units;
  for (int32_t step = 0; step < r->frames; ++step) {
    for (int32_t b = 0; b < r->batch; ++b) {
      if (step < thimble_steps(r, b)) {
        const float *x = frames + thimble_step_frame(r, b, step) * r->depth;
        const float *h = step ? to + thimble_step_row(r, b, step - 1) * units : first + b * units;
        for (int32_t u = 0; u < units; ++u) {
          float sum = p->bias[u] + thimble_dot_f32(p->filter + u * r->depth, x, r->depth);
          sum += thimble_dot_f32(p->recurrent + u * units, h, units);
          next[u] = thimble_gate_of(&p->activation, sum, p->clip);
        }
        memcpy(to + thimble_step_row(r, b, step) * units, next, (uint32_t)units * sizeof(float));
      }
    }
  }
  thimble_clear_f32(r, to);
}
