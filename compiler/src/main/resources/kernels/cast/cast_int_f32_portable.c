/* Integers of a row of elements, of any integer type, as the nearest floats. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"

typedef struct {
  int8_t from; /* as in common/integers.h */
} cast_int_f32_params;

static THIMBLE_NOINLINE void cast_int_f32(const void *params, const void *const *rows, int32_t x0,
                                          int32_t x1, void *out, void *scratch) {
  const cast_int_f32_params *p = (const cast_int_f32_params *)params;
  int32_t bytes = p->from & 15;
  const uint8_t *from = (const uint8_t *)rows[0] + x0 * bytes;
  float *to = (float *)out;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    to[x] = (float)thimble_integer(from, p->from, 0);
    from += bytes;
  }
}
