/* Elementwise sum of maps of one shape, int8, for ARMv6-M and ARMv7-M: output row [W][C] from a row
 * of each operand. The compiler has proved for every pair of elements that a linear function is the
 * reference's sum, which would take three wide products. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t channels; /* C */
  int32_t first;    /* stored sum = (first * a + second * b + offset) >> shift, within its bounds */
  int32_t second;
  int32_t offset;
  int16_t shift;
  int8_t min;
  int8_t max;
} add_s8_m0plus_params;

static THIMBLE_NOINLINE void add_s8_m0plus(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  const add_s8_m0plus_params *p = (const add_s8_m0plus_params *)params;
  const int8_t *a = (const int8_t *)rows[0] + x0 * p->channels;
  const int8_t *b = (const int8_t *)rows[1] + x0 * p->channels;
  int8_t *to = (int8_t *)out + x0 * p->channels;
  int32_t first = p->first, second = p->second, offset = p->offset;
  int32_t shift = p->shift, min = p->min, max = p->max;
  int32_t count = (x1 - x0) * p->channels;
  (void)scratch;
  for (int32_t i = 0; i < count; ++i) {
    int32_t sum = (first * a[i] + second * b[i] + offset) >> shift;
    if (sum < min) {
      sum = min;
    }
    if (sum > max) {
      sum = max;
    }
    to[i] = (int8_t)sum;
  }
}
