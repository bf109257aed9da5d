/* Products of matrices, int8 (docs/quantization.md, rule Q60): a stack of them, [M][K] times
 * [K][N]. */
#include <stdint.h>

#include "common/function.h"
#include "common/mat_mul.h"
#include "common/requantize.h"

typedef struct {
  const int8_t *first;  /* a constant, or null where the operand is read at run time */
  const int8_t *second; /* likewise */
  mat_mul_places places;
  int32_t multiplier;
  int8_t shift;
  int8_t first_zero_point;
  int8_t second_zero_point;
  int8_t output_zero_point;
} mat_mul_s8_params;

static THIMBLE_NOINLINE void mat_mul_s8(const void *params, const void *const *inputs, void *out,
                                        void *scratch) {
  const mat_mul_s8_params *p = (const mat_mul_s8_params *)params;
  const mat_mul_places *at = &p->places;
  const int8_t *first = p->first ? p->first : (const int8_t *)*inputs++;
  const int8_t *second = p->second ? p->second : (const int8_t *)*inputs;
  int32_t zero = p->output_zero_point;
  int8_t *to = (int8_t *)out;
  (void)scratch;
  for (int32_t matrix = 0; matrix < mat_mul_count(at); ++matrix) {
    const int8_t *a = first + mat_mul_first(at, matrix);
    const int8_t *b = second + mat_mul_second(at, matrix);
    for (int32_t m = 0; m < at->rows; ++m) {
      for (int32_t n = 0; n < at->columns; ++n) {
        const int8_t *x = a + m * at->first_row;
        const int8_t *y = b + n * at->second_column;
        int32_t sum = 0;
        for (int32_t k = 0; k < at->depth; ++k) {
          sum += (x[k * at->first_step] - p->first_zero_point) *
                 (y[k * at->second_step] - p->second_zero_point);
        }
        sum = thimble_requantize(sum, p->multiplier, p->shift);
        *to++ = (int8_t)(thimble_clamp(sum, INT8_MIN - zero, INT8_MAX - zero) + zero);
      }
    }
  }
}
