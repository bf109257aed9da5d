/* Integers of a row of elements as integers of another type: their low bits, or for booleans
 * whether they are not 0. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"

typedef struct {
  int8_t from; /* as in common/integers.h */
  int8_t to;
  uint8_t boolean; /* 1 where the results are booleans */
} cast_int_params;

static THIMBLE_NOINLINE void cast_int(const void *params, const void *const *rows, int32_t x0,
                                      int32_t x1, void *out, void *scratch) {
  const cast_int_params *p = (const cast_int_params *)params;
  int32_t from_bytes = p->from & 15;
  int32_t to_bytes = p->to & 15;
  const uint8_t *from = (const uint8_t *)rows[0] + x0 * from_bytes;
  uint8_t *to = (uint8_t *)out + x0 * to_bytes;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int64_t value = thimble_integer(from, p->from, 0);
    thimble_put_integer(to, p->to, 0, p->boolean ? value != 0 : value);
    from += from_bytes;
    to += to_bytes;
  }
}
