/* Sum of two rows of int8 elements for RISC-V: each is a scale of its own times an element, in
 * fixed point whose constants give the reference's result for every pair of elements. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t first; /* stored sum = (first * a + second * b + offset) >> shift, within its bounds */
  int32_t second;
  int32_t offset;
  int8_t shift;
  int8_t min;
  int8_t max;
} add_s8_riscv_params;

static THIMBLE_SPECIALIZED int8_t add_s8_riscv_sum(int32_t first, int32_t second, int32_t offset,
                                                   int32_t shift, int32_t min, int32_t max) {
  return (int8_t)thimble_clamp((first + second + offset) >> shift, min, max);
}

static THIMBLE_NOINLINE void add_s8_riscv(const void *params, const void *const *rows, int32_t x0,
                                          int32_t x1, void *out, void *scratch) {
  const add_s8_riscv_params *p = (const add_s8_riscv_params *)params;
  const int8_t *a = (const int8_t *)rows[0] + x0;
  const int8_t *b = (const int8_t *)rows[1] + x0;
  int8_t *to = (int8_t *)out + x0;
  int8_t *end = (int8_t *)out + x1;
  int32_t first = p->first, second = p->second, offset = p->offset;
  int32_t shift = p->shift, min = p->min, max = p->max;
  (void)scratch;
  for (; end - to >= 4; to += 4) {
    to[0] = add_s8_riscv_sum(a[0] * first, b[0] * second, offset, shift, min, max);
    to[1] = add_s8_riscv_sum(a[1] * first, b[1] * second, offset, shift, min, max);
    to[2] = add_s8_riscv_sum(a[2] * first, b[2] * second, offset, shift, min, max);
    to[3] = add_s8_riscv_sum(a[3] * first, b[3] * second, offset, shift, min, max);
    a += 4;
    b += 4;
  }
  for (; to != end; ++to) {
    *to = add_s8_riscv_sum(*a++ * first, *b++ * second, offset, shift, min, max);
  }
}
