/* Sigmoid or hyperbolic tangent, int16, of a row of elements: between entries of a table of the
 * sigmoid the result lies on a line. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const uint16_t *table; /* 256 entries: the sigmoid of i / 24 in units of 1/65536 */
  int32_t multiplier;    /* of an element, which is shifted right after it, with rounding */
  int8_t shift;
  uint8_t tanh; /* 1 for the hyperbolic tangent */
} curve_s16_params;

/* Rules Q32 and Q33 of docs/quantization.md. */
static THIMBLE_INLINE int32_t curve_s16_of(const curve_s16_params *p, int32_t value) {
  int32_t bits = p->tanh ? 8 : 9;
  int32_t magnitude, at, result;
  value = (value * p->multiplier + (p->shift > 0 ? 1 << (p->shift - 1) : 0)) >> p->shift;
  magnitude = value < 0 ? -value : value;
  at = magnitude >> bits;
  if (at >= 255) {
    result = p->tanh ? 0xFFFF << 8 : 0x7FFF << 10;
  } else {
    result = p->table[at] * (1 << bits);
    result += (magnitude & ((1 << bits) - 1)) * (p->table[at + 1] - p->table[at]);
  }
  if (p->tanh) {
    result -= 1 << 23;
    return ((value < 0 ? -result - 1 : result) + (1 << 7)) >> 8;
  }
  return ((value < 0 ? (1 << 25) - result - 1 : result) + (1 << 9)) >> 10;
}

static THIMBLE_NOINLINE void curve_s16(const void *params, const void *const *rows, int32_t x0,
                                       int32_t x1, void *out, void *scratch) {
  const curve_s16_params *p = (const curve_s16_params *)params;
  const int16_t *from = (const int16_t *)rows[0];
  int16_t *to = (int16_t *)out;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    to[x] = (int16_t)curve_s16_of(p, from[x]);
  }
}
