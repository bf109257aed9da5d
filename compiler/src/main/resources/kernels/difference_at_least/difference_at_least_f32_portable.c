/* For each pair (a, b), float: 1 where a - b >= first and 1 where b - a >= second, else 0:
 * [pairs][2] to uint8 [pairs][2]. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t pairs;
  float first;
  float second;
} difference_at_least_f32_params;

static THIMBLE_NOINLINE void difference_at_least_f32(const void *params, const void *const *inputs,
                                                     void *out, void *scratch) {
  const difference_at_least_f32_params *p = (const difference_at_least_f32_params *)params;
  const float *from = (const float *)inputs[0];
  uint8_t *to = (uint8_t *)out;
  (void)scratch;
  for (int32_t pair = 0; pair < p->pairs; ++pair) {
    float difference = from[2 * pair] - from[2 * pair + 1];
    to[2 * pair] = difference >= p->first;
    to[2 * pair + 1] = -difference >= p->second;
  }
}
