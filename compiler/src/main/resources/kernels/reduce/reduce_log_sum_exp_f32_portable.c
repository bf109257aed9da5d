/* The logarithm of the sum of powers of e, over any axes, float: the largest element is taken out,
 * so that no power overflows. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/reduce_f32.h"

typedef struct {
  const int32_t *kept;    /* the axes kept: extent and stride, in elements, of each */
  const int32_t *reduced; /* the axes reduced, likewise */
  int32_t kept_axes;
  int32_t reduced_axes;
} reduce_log_sum_exp_f32_params;

static THIMBLE_NOINLINE void reduce_log_sum_exp_f32(const void *params, const void *const *inputs,
                                                    void *out, void *scratch) {
  const reduce_log_sum_exp_f32_params *p = (const reduce_log_sum_exp_f32_params *)params;
  thimble_reduce_axes axes;
  int32_t count = thimble_walk_count(p->kept, p->kept_axes);
  int32_t elements = thimble_walk_count(p->reduced, p->reduced_axes);
  (void)scratch;
  axes.kept = p->kept;
  axes.reduced = p->reduced;
  axes.kept_axes = p->kept_axes;
  axes.reduced_axes = p->reduced_axes;
  for (int32_t i = 0; i < count; ++i) {
    const float *from =
        (const float *)inputs[0] + thimble_walk(p->kept, p->kept_axes, i);
    float largest = thimble_reduce_elements(&axes, THIMBLE_REDUCE_MAX, from);
    float sum = 0.0f;
    if (largest == INFINITY || largest == -INFINITY) {
      ((float *)out)[i] = largest;
      continue;
    }
    for (int32_t k = 0; k < elements; ++k) {
      sum += expf(from[thimble_walk(p->reduced, p->reduced_axes, k)] - largest);
    }
    ((float *)out)[i] = largest + logf(sum);
  }
}
