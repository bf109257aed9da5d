/* 1 where an element, int8, is at least the threshold, else 0, of a row of elements. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int16_t threshold;
} at_least_s8_params;

static THIMBLE_NOINLINE void at_least_s8(const void *params, const void *const *rows, int32_t x0,
                                         int32_t x1, void *out, void *scratch) {
  const at_least_s8_params *p = (const at_least_s8_params *)params;
  const int8_t *from = (const int8_t *)rows[0];
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    ((uint8_t *)out)[x] = from[x] >= p->threshold;
  }
}
