/* Products of matrices of bytes to int32, [M][K] times [K][N]; each sum is modulo 2^32. */
#include <stdint.h>

#include "common/function.h"
#include "common/mat_mul.h"

/* Bytes are read as uint8; those of int8 are 128 away from what they are with their highest bit
 * inverted, which `flip` does. */
typedef struct {
  const uint8_t *first;       /* a constant, or null where the operand is read at run time */
  const uint8_t *second;      /* likewise */
  const uint8_t *first_zero;  /* [1]; likewise */
  const uint8_t *second_zero; /* [1] or [N]; likewise */
  mat_mul_places places;
  uint8_t first_flip; /* 128 for int8, 0 for uint8 */
  uint8_t second_flip;
  uint8_t zero_points; /* 0: there are none, and both pointers stay null */
  uint8_t zero_step;   /* from one column's zero point to the next: 0 or 1 */
} mat_mul_plain_params;

static THIMBLE_INLINE int32_t mat_mul_plain_byte(const uint8_t *at, int32_t flip) {
  return (*at ^ flip) - flip;
}

static THIMBLE_NOINLINE void mat_mul_plain(const void *params, const void *const *inputs, void *out,
                                           void *scratch) {
  const mat_mul_plain_params *p = (const mat_mul_plain_params *)params;
  const mat_mul_places *at = &p->places;
  const uint8_t *first = p->first ? p->first : (const uint8_t *)*inputs++;
  const uint8_t *second = p->second ? p->second : (const uint8_t *)*inputs++;
  const uint8_t *first_zero = p->first_zero;
  const uint8_t *second_zero = p->second_zero;
  int32_t *to = (int32_t *)out;
  (void)scratch;
  if (p->zero_points) {
    first_zero = first_zero ? first_zero : (const uint8_t *)*inputs++;
    second_zero = second_zero ? second_zero : (const uint8_t *)*inputs;
  }
  for (int32_t matrix = 0; matrix < mat_mul_count(at); ++matrix) {
    const uint8_t *a = first + mat_mul_first(at, matrix);
    const uint8_t *b = second + mat_mul_second(at, matrix);
    for (int32_t m = 0; m < at->rows; ++m) {
      for (int32_t n = 0; n < at->columns; ++n) {
        const uint8_t *x = a + m * at->first_row;
        const uint8_t *y = b + n * at->second_column;
        int32_t zero_x = first_zero ? mat_mul_plain_byte(first_zero, p->first_flip) : 0;
        int32_t zero_y =
            second_zero ? mat_mul_plain_byte(second_zero + n * p->zero_step, p->second_flip) : 0;
        uint32_t sum = 0;
        for (int32_t k = 0; k < at->depth; ++k) {
          sum += (uint32_t)((mat_mul_plain_byte(x + k * at->first_step, p->first_flip) - zero_x) *
                            (mat_mul_plain_byte(y + k * at->second_step, p->second_flip) - zero_y));
        }
        *to++ = (int32_t)sum;
      }
    }
  }
}
