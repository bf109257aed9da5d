/* X brought nearer to 0 by beta, or 0 within alpha of it, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_numbers shrink_f32_params;

static THIMBLE_INLINE float shrink_f32_of(float x, float alpha, float beta) {
  return x < -alpha ? x + beta : x > alpha ? x - beta : 0.0f;
}

static THIMBLE_NOINLINE void shrink_f32(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  (void)scratch;
  thimble_each_shaped_f32(shrink_f32_of, params, rows, x0, x1, out);
}
