/* Elementwise difference, float, by rows and of whole tensors. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/pairs_f32.h"

typedef pairs_f32_by_rows sub_f32_params;
typedef pairs_f32_of_maps sub_whole_f32_params;

static THIMBLE_INLINE float sub_f32_of(float a, float b) {
  return a - b;
}

static THIMBLE_NOINLINE void sub_f32_run(const void *params, const void *a, const void *b,
                                         int32_t a_step, int32_t b_step, void *out, int32_t count) {
  thimble_pairs_f32(sub_f32_of, params, a, b, a_step, b_step, out, count);
}

static THIMBLE_NOINLINE void sub_f32(const void *params, const void *const *rows, int32_t x0,
                                     int32_t x1, void *out, void *scratch) {
  const sub_f32_params *p = (const sub_f32_params *)params;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, sub_f32_run, &p->bounds, rows, x0, x1, out, 4, 4);
}

static THIMBLE_NOINLINE void sub_whole_f32(const void *params, const void *const *inputs, void *out,
                                           void *scratch) {
  const sub_whole_f32_params *p = (const sub_whole_f32_params *)params;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, sub_f32_run, &p->bounds, inputs, out, 4, 4);
}
