/* Functions of each integer of a row of elements, of any integer type; results wrap around. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"

typedef struct {
  int8_t function; /* 0 clamp, 1 magnitude, 2 -x, 3 sign, 4 square, 5 bits inverted, 6 logical not */
  int8_t type;     /* as in common/integers.h */
  int8_t min;      /* the bounds of the clamp */
  int64_t max;
} unary_int_params;

static THIMBLE_INLINE int64_t unary_int_of(const unary_int_params *p, int64_t x) {
  switch (p->function) {
    case 0:
      return x < p->min ? p->min : x > p->max ? p->max : x;
    case 1:
      return x < 0 ? (int64_t)(0 - (uint64_t)x) : x;
    case 2:
      return (int64_t)(0 - (uint64_t)x);
    case 3:
      return (x > 0) - (x < 0);
    case 4:
      return (int64_t)((uint64_t)x * (uint64_t)x);
    case 5:
      return ~x;
    default:
      return !x;
  }
}

static THIMBLE_NOINLINE void unary_int(const void *params, const void *const *rows, int32_t x0,
                                       int32_t x1, void *out, void *scratch) {
  const unary_int_params *p = (const unary_int_params *)params;
  int32_t type = p->type;
  int32_t bytes = type & 15;
  const uint8_t *from = (const uint8_t *)rows[0];
  uint8_t *to = (uint8_t *)out;
  (void)scratch;
  for (int32_t at = x0 * bytes; at < x1 * bytes; at += bytes) {
    thimble_put_integer(to + at, type, 0, unary_int_of(p, thimble_integer(from + at, type, 0)));
  }
}
