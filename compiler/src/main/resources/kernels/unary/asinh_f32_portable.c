/* Inverse hyperbolic sine, float, of a row of elements. */
#include <math.h>
#include <stdint.h>

#include "common/each_f32.h"
#include "common/function.h"

typedef each_f32_nothing asinh_f32_params;

static THIMBLE_NOINLINE void asinh_f32(const void *params, const void *const *rows, int32_t x0,
                                       int32_t x1, void *out, void *scratch) {
  (void)params;
  (void)scratch;
  thimble_each_f32(asinhf, rows, x0, x1, out);
}
