/* X, or 0 up to alpha, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_numbers thresholded_relu_f32_params;

static THIMBLE_INLINE float thresholded_relu_f32_of(float x, float alpha, float beta) {
  (void)beta;
  return x > alpha ? x : 0.0f;
}

static THIMBLE_NOINLINE void thresholded_relu_f32(const void *params, const void *const *rows,
                                                  int32_t x0, int32_t x1, void *out,
                                                  void *scratch) {
  (void)scratch;
  thimble_each_shaped_f32(thresholded_relu_f32_of, params, rows, x0, x1, out);
}
