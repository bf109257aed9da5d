/* Sums, products, means and extremes over any axes, float. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/reduce_f32.h"

typedef struct {
  const int32_t *kept;    /* the axes kept: extent and stride, in elements, of each */
  const int32_t *reduced; /* the axes reduced, likewise */
  int32_t kept_axes;
  int32_t reduced_axes;
  int32_t function; /* see common/reduce.h */
} reduce_f32_params;

static THIMBLE_NOINLINE void reduce_f32(const void *params, const void *const *inputs, void *out,
                                        void *scratch) {
  const reduce_f32_params *p = (const reduce_f32_params *)params;
  thimble_reduce_axes axes;
  int32_t count = thimble_walk_count(p->kept, p->kept_axes);
  float elements = (float)thimble_walk_count(p->reduced, p->reduced_axes);
  (void)scratch;
  axes.kept = p->kept;
  axes.reduced = p->reduced;
  axes.kept_axes = p->kept_axes;
  axes.reduced_axes = p->reduced_axes;
  for (int32_t i = 0; i < count; ++i) {
    const float *from =
        (const float *)inputs[0] + thimble_walk(p->kept, p->kept_axes, i);
    float result = thimble_reduce_elements(&axes, p->function, from);
    ((float *)out)[i] = p->function == THIMBLE_REDUCE_MEAN ? result / elements : result;
  }
}
