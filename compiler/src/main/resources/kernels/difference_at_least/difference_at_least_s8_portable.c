/* For each pair (a, b), int8: 1 where a - b >= first and 1 where b - a >= second, else 0:
 * [pairs][2] to uint8 [pairs][2]. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t pairs;
  int16_t first;
  int16_t second;
} difference_at_least_s8_params;

static THIMBLE_NOINLINE void difference_at_least_s8(const void *params, const void *const *inputs,
                                                    void *out, void *scratch) {
  const difference_at_least_s8_params *p = (const difference_at_least_s8_params *)params;
  const int8_t *from = (const int8_t *)inputs[0];
  uint8_t *to = (uint8_t *)out;
  (void)scratch;
  for (int32_t pair = 0; pair < p->pairs; ++pair) {
    int32_t difference = from[2 * pair] - from[2 * pair + 1];
    to[2 * pair] = difference >= p->first;
    to[2 * pair + 1] = -difference >= p->second;
  }
}
