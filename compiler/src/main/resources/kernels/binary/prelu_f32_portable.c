/* Elementwise x, or a slope of its own times x below 0, float, by rows and of whole tensors. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/pairs_f32.h"

typedef pairs_f32_by_rows prelu_f32_params;
typedef pairs_f32_of_maps prelu_whole_f32_params;

static THIMBLE_INLINE float prelu_f32_of(float a, float b) {
  return a >= 0.0f ? a : a * b;
}

static THIMBLE_NOINLINE void prelu_f32_run(const void *params, const void *a, const void *b,
                                           int32_t a_step, int32_t b_step, void *out,
                                           int32_t count) {
  thimble_pairs_f32(prelu_f32_of, params, a, b, a_step, b_step, out, count);
}

static THIMBLE_NOINLINE void prelu_f32(const void *params, const void *const *rows, int32_t x0,
                                       int32_t x1, void *out, void *scratch) {
  const prelu_f32_params *p = (const prelu_f32_params *)params;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, prelu_f32_run, &p->bounds, rows, x0, x1, out, 4, 4);
}

static THIMBLE_NOINLINE void prelu_whole_f32(const void *params, const void *const *inputs,
                                             void *out, void *scratch) {
  const prelu_whole_f32_params *p = (const prelu_whole_f32_params *)params;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, prelu_f32_run, &p->bounds, inputs, out, 4, 4);
}
