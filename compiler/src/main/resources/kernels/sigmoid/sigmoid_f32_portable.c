/* 1 / (1 + exp(-x)), float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  uint8_t unused; /* a C structure has at least one field */
} sigmoid_f32_params;

static THIMBLE_NOINLINE void sigmoid_f32(const void *params, const void *const *rows, int32_t x0,
                                         int32_t x1, void *out, void *scratch) {
  const sigmoid_f32_params *p = (const sigmoid_f32_params *)params;
  const float *from = (const float *)rows[0];
  (void)p;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    ((float *)out)[x] = 1.0f / (1.0f + expf(-from[x]));
  }
}
