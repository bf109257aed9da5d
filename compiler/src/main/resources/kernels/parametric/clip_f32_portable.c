/* X within alpha and beta, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_numbers clip_f32_params;

static THIMBLE_INLINE float clip_f32_of(float x, float alpha, float beta) {
  x = x < alpha ? alpha : x;
  return x > beta ? beta : x;
}

static THIMBLE_NOINLINE void clip_f32(const void *params, const void *const *rows, int32_t x0,
                                      int32_t x1, void *out, void *scratch) {
  (void)scratch;
  thimble_each_shaped_f32(clip_f32_of, params, rows, x0, x1, out);
}
