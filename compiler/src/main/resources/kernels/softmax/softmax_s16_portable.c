/* Softmax along each row, int16: [rows][depth], from zero point 0 to a scale of 1/32768 and zero
 * point 0. Exponentials and the reciprocal of their sum lie on lines between entries of tables:
 * docs/quantization.md, rule Q71. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  const int16_t *exponentials; /* 513 entries: exp(i * 10 / 512 - 10) in units of 2^-15 */
  const int16_t *reciprocals;  /* 513 entries: 1 / (1 + i / 512) in units of 2^-15 */
  int32_t rows;
  int32_t depth;
  int32_t multiplier; /* of an element's distance to its row's maximum, to steps of 10/65535 */
  int8_t shift;       /* of the multiplier; at most 14 */
} softmax_s16_params;

static THIMBLE_INLINE int32_t softmax_s16_line(const int16_t *table, int32_t value) {
  const int16_t *at = &table[256 + (value >> 7)];
  return at[0] + (((at[1] - at[0]) * (value & 0x7F) + 64) >> 7);
}

static THIMBLE_NOINLINE void softmax_s16(const void *params, const void *const *inputs, void *out,
                                         void *scratch) {
  const softmax_s16_params *p = (const softmax_s16_params *)params;
  const int16_t *from = (const int16_t *)inputs[0];
  int16_t *to = (int16_t *)out;
  (void)scratch;
  for (int32_t row = 0; row < p->rows; ++row) {
    int32_t max = from[0];
    for (int32_t i = 1; i < p->depth; ++i) {
      max = from[i] > max ? from[i] : max;
    }
    uint32_t sum = 0; /* Q16.15 */
    for (int32_t i = 0; i < p->depth; ++i) {
      int32_t distance = thimble_requantize(from[i] - max, p->multiplier, p->shift) + INT16_MAX;
      distance = distance < INT16_MIN ? INT16_MIN : distance;
      int32_t exponential = softmax_s16_line(p->exponentials, distance);
      sum += (uint32_t)exponential;
      to[i] = (int16_t)exponential;
    }
    /* Shifted up to fill 31 bits, the sum is 1 plus a fraction. */
    int32_t shift = 30;
    for (; sum < (uint32_t)1 << 30; sum <<= 1) {
      --shift;
    }
    int32_t fraction = (int32_t)((sum + (1U << 13)) >> 14) - ((int32_t)3 << 15);
    fraction = fraction > INT16_MAX ? INT16_MAX : fraction;
    int32_t reciprocal = softmax_s16_line(p->reciprocals, fraction);
    for (int32_t i = 0; i < p->depth; ++i) {
      int32_t result = (to[i] * reciprocal + ((int32_t)1 << (shift - 1))) >> shift;
      to[i] = (int16_t)(result > INT16_MAX ? INT16_MAX : result);
    }
    from += p->depth;
    to += p->depth;
  }
}
