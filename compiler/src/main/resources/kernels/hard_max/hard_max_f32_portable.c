/* 1 at the first largest element of each line, else 0, float. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t depth;  /* the elements of a line */
  int32_t stride; /* from one element of a line to the next */
  int32_t step;   /* from one line to the next */
} hard_max_f32_params;

static THIMBLE_NOINLINE void hard_max_f32(const void *params, const void *const *rows, int32_t x0,
                                          int32_t x1, void *out, void *scratch) {
  const hard_max_f32_params *p = (const hard_max_f32_params *)params;
  int32_t length = p->depth * p->stride;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const float *from = (const float *)rows[0] + x * p->step;
    float *to = (float *)out + x * p->step;
    int32_t best = 0;
    for (int32_t i = p->stride; i < length; i += p->stride) {
      best = from[i] > from[best] ? i : best;
    }
    for (int32_t i = 0; i < length; i += p->stride) {
      to[i] = i == best ? 1.0f : 0.0f;
    }
  }
}
