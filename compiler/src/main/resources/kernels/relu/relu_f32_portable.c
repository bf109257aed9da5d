/* Clamp, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  float min;
  float max;
} relu_f32_params;

static THIMBLE_NOINLINE void relu_f32(const void *params, const void *const *rows, int32_t x0,
                                      int32_t x1, void *out, void *scratch) {
  const relu_f32_params *p = (const relu_f32_params *)params;
  const float *from = (const float *)rows[0];
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    float value = from[x];
    ((float *)out)[x] = value < p->min ? p->min : value > p->max ? p->max : value;
  }
}
