/* Lines divided by their norm, or by epsilon where that is larger, float; 0 where both are 0. */
#include <math.h>
#include <stdint.h>

#include "common/dot_f32.h"
#include "common/function.h"

typedef struct {
  int32_t depth;   /* the elements of a line */
  int32_t stride;  /* from one element of a line to the next */
  int32_t step;    /* from one line to the next */
  float epsilon;
  uint8_t squares; /* 1: the norm is the root of the sum of squares; 0: the sum of magnitudes */
} lp_norm_f32_params;

static THIMBLE_NOINLINE void lp_norm_f32(const void *params, const void *const *rows, int32_t x0,
                                         int32_t x1, void *out, void *scratch) {
  const lp_norm_f32_params *p = (const lp_norm_f32_params *)params;
  int32_t length = p->depth * p->stride;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const float *from = (const float *)rows[0] + x * p->step;
    float *to = (float *)out + x * p->step;
    float norm = 0.0f;
    if (p->squares) {
      norm = sqrtf(thimble_dot_steps_f32(from, p->stride, from, p->stride, p->depth));
    }
    for (int32_t i = 0; i < length && !p->squares; i += p->stride) {
      norm += fabsf(from[i]);
    }
    norm = norm < p->epsilon ? p->epsilon : norm;
    for (int32_t i = 0; i < length; i += p->stride) {
      to[i] = norm == 0.0f ? 0.0f : from[i] / norm;
    }
  }
}
