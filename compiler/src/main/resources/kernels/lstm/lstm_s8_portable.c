/* Long short-term memory over frames, int8 with int16 cells: rules Q42 and Q43 of
 * docs/quantization.md. Outputs as of lstm_f32_portable.c. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/recurrence.h"
#include "common/requantize.h"

typedef struct {
  const int8_t *filter;    /* [i, o, f, g][units][depth] */
  const int8_t *recurrent; /* [i, o, f, g][units][units] */
  const int32_t *bias;     /* [i, o, f, g][units] */
  const int32_t *filter_multiplier;
  const int8_t *filter_shift;
  const int32_t *recurrent_multiplier;
  const int8_t *recurrent_shift;
  const uint16_t *sigmoid; /* [256], of i / 24, in units of 2^-16 */
  int32_t kept_multiplier;
  int32_t kept_shift;
  int32_t entered_multiplier;
  int32_t entered_shift;
  int32_t left_multiplier;
  int32_t left_shift;
  int16_t cell_clip; /* 0 for none */
  int8_t cell_shift; /* to the left */
  int8_t input_zero_point;
  int8_t state_zero_point;
  uint8_t sigmoid_cell; /* 1: g is a sigmoid, 0: a tanh */
  thimble_recurrence steps;
} lstm_s8_params;

static THIMBLE_INLINE int32_t lstm_s8_clamp(int32_t value) {
  return thimble_clamp(value, INT16_MIN, INT16_MAX);
}

/* The sigmoid of a number of 12 fractional bits, in 15. */
static THIMBLE_NOINLINE int32_t lstm_s8_sigmoid(const uint16_t *table, int32_t x) {
  int32_t scaled = 3 * x;
  int32_t magnitude = scaled < 0 ? -scaled : scaled;
  int32_t at = magnitude >> 9;
  int32_t result = 0x7FFF << 10;
  if (at < 255) {
    result = (table[at] << 9) + (magnitude & 0x1FF) * (table[at + 1] - table[at]);
  }
  result = scaled >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1;
  return result >> 10;
}

/* The tanh of a number of 12 fractional bits, after a shift to the left, in 15. */
static THIMBLE_NOINLINE int32_t lstm_s8_tanh(const uint16_t *table, int32_t x, int32_t shift) {
  int32_t scaled = shift >= 0 ? x * (3 << shift) : (3 * x + (1 << (-shift - 1))) >> -shift;
  int32_t magnitude = scaled < 0 ? -scaled : scaled;
  int32_t at = magnitude >> 8;
  int32_t result = 0xFFFF << 8;
  if (at < 255) {
    result = (table[at] << 8) + (magnitude & 0xFF) * (table[at + 1] - table[at]);
  }
  result = scaled >= 0 ? result - (1 << 23) + (1 << 7) : (1 << 23) - result + (1 << 7) - 1;
  return result >> 8;
}

/* The sum of products, modulo 2^32. */
static THIMBLE_NOINLINE uint32_t lstm_s8_dot(const int8_t *w, const int8_t *x, int32_t count,
                                             int32_t zero_point) {
  uint32_t sum = 0;
  for (int32_t i = 0; i < count; ++i) {
    sum += (uint32_t)(w[i] * (x[i] - zero_point));
  }
  return sum;
}

static THIMBLE_NOINLINE void lstm_s8_step(const lstm_s8_params *p, const int8_t *x, const int8_t *h,
                                          int16_t *c, int8_t *out, int16_t *sums) {
  int32_t units = p->steps.units;
  int32_t depth = p->steps.depth;
  for (int32_t o = 0; o < 4 * units; ++o) {
    uint32_t sum = lstm_s8_dot(p->filter + o * depth, x, depth, p->input_zero_point);
    sum += (uint32_t)p->bias[o];
    int32_t a = thimble_requantize((int32_t)sum, p->filter_multiplier[o], p->filter_shift[o]);
    sum = lstm_s8_dot(p->recurrent + o * units, h, units, p->state_zero_point);
    int32_t b = thimble_requantize((int32_t)sum, p->recurrent_multiplier[o], p->recurrent_shift[o]);
    sums[o] = (int16_t)lstm_s8_clamp(lstm_s8_clamp(a) + lstm_s8_clamp(b));
  }
  for (int32_t u = 0; u < units; ++u) {
    const int16_t *sum = sums + u;
    int32_t candidate = p->sigmoid_cell ? lstm_s8_sigmoid(p->sigmoid, sum[3 * units])
                                        : lstm_s8_tanh(p->sigmoid, sum[3 * units], 0);
    int32_t entered = lstm_s8_sigmoid(p->sigmoid, sum[0]) * candidate;
    int32_t kept = lstm_s8_sigmoid(p->sigmoid, sum[2 * units]) * c[u];
    kept = thimble_requantize(kept, p->kept_multiplier, p->kept_shift);
    entered = thimble_requantize(entered, p->entered_multiplier, p->entered_shift);
    int32_t cell = lstm_s8_clamp(lstm_s8_clamp(kept) + lstm_s8_clamp(entered));
    if (p->cell_clip > 0) {
      cell = thimble_clamp(cell, -p->cell_clip, p->cell_clip);
    }
    c[u] = (int16_t)cell;
    int32_t value = lstm_s8_sigmoid(p->sigmoid, sum[units]);
    value *= lstm_s8_tanh(p->sigmoid, cell, p->cell_shift);
    value = thimble_requantize(value, p->left_multiplier, p->left_shift) + p->state_zero_point;
    out[u] = (int8_t)thimble_clamp(value, INT8_MIN, INT8_MAX);
  }
}

static THIMBLE_NOINLINE void lstm_s8(const void *params, const void *const *inputs, void *out,
                                     void *scratch) {
  const lstm_s8_params *p = (const lstm_s8_params *)params;
  const thimble_recurrence *r = &p->steps;
  void *const *outputs = (void *const *)out;
  const int8_t *first = (const int8_t *)inputs[0];
  const int8_t *frames = (const int8_t *)inputs[2];
  int8_t *to = (int8_t *)outputs[0];
  int16_t *c = (int16_t *)outputs[1];
  int32_t units = r->units;
  memmove(c, inputs[1], (uint32_t)(r->batch * units) * sizeof(int16_t));
  for (int32_t step = 0; step < r->frames; ++step) {
    for (int32_t b = 0; b < r->batch; ++b) {
      if (step < thimble_steps(r, b)) {
        const int8_t *x = frames + thimble_step_frame(r, b, step) * r->depth;
        const int8_t *h = step ? to + thimble_step_row(r, b, step - 1) * units : first + b * units;
        int8_t *row = to + thimble_step_row(r, b, step) * units;
        lstm_s8_step(p, x, h, c + b * units, row, (int16_t *)scratch);
      }
    }
  }
  for (int32_t b = 0; b < r->batch && !r->last; ++b) {
    for (int32_t t = thimble_steps(r, b); t < r->frames; ++t) {
      memset(to + thimble_frame(r, b, t) * units, p->state_zero_point, (uint32_t)units);
    }
  }
}
