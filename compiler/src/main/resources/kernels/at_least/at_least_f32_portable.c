/* 1 where an element, float, is at least the threshold, else 0, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  float threshold;
} at_least_f32_params;

static THIMBLE_NOINLINE void at_least_f32(const void *params, const void *const *rows, int32_t x0,
                                          int32_t x1, void *out, void *scratch) {
  const at_least_f32_params *p = (const at_least_f32_params *)params;
  const float *from = (const float *)rows[0];
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    ((uint8_t *)out)[x] = from[x] >= p->threshold;
  }
}
