/* Products of matrices, float: a stack of B0 x B1 x B2 of them, [M][K] times [K][N]. Each sum is
 * taken in blocks. */
#include <stdint.h>

#include "common/dot_f32.h"
#include "common/function.h"
#include "common/mat_mul.h"

typedef struct {
  const float *first;  /* a constant, or null where the operand is read at run time */
  const float *second; /* likewise */
  mat_mul_places places;
} mat_mul_f32_params;

static THIMBLE_NOINLINE void mat_mul_f32(const void *params, const void *const *inputs, void *out,
                                         void *scratch) {
  const mat_mul_f32_params *p = (const mat_mul_f32_params *)params;
  const mat_mul_places *at = &p->places;
  const float *first = p->first ? p->first : (const float *)*inputs++;
  const float *second = p->second ? p->second : (const float *)*inputs;
  float *to = (float *)out;
  (void)scratch;
  for (int32_t matrix = 0; matrix < mat_mul_count(at); ++matrix) {
    const float *a = first + mat_mul_first(at, matrix);
    const float *b = second + mat_mul_second(at, matrix);
    for (int32_t m = 0; m < at->rows; ++m) {
      for (int32_t n = 0; n < at->columns; ++n) {
        const float *x = a + m * at->first_row;
        const float *y = b + n * at->second_column;
        *to++ = thimble_dot_steps_f32(x, at->first_step, y, at->second_step, at->depth);
      }
    }
  }
}
