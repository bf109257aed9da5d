/* Means and sums over any axes, quantised int8 or int16
 * (docs/quantization.md, rules Q10 and Q50). */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"
#include "common/requantize.h"
#include "common/walk.h"

typedef struct {
  const int32_t *kept;    /* the axes kept: extent and stride, in elements, of each */
  const int32_t *reduced; /* the axes reduced, likewise */
  int32_t kept_axes;
  int32_t reduced_axes;
  int32_t offset; /* minus the input's zero point times the number of elements */
  int32_t multiplier;
  int32_t shift;
  int32_t output_zero_point;
  int32_t type;   /* see common/integers.h */
  int32_t lowest; /* number of the type */
} reduce_quantized_params;

static THIMBLE_NOINLINE void reduce_quantized(const void *params, const void *const *inputs,
                                              void *out, void *scratch) {
  const reduce_quantized_params *p = (const reduce_quantized_params *)params;
  int32_t count = thimble_walk_count(p->kept, p->kept_axes);
  int32_t elements = thimble_walk_count(p->reduced, p->reduced_axes);
  int32_t zero = p->output_zero_point;
  (void)scratch;
  for (int32_t i = 0; i < count; ++i) {
    int32_t from = thimble_walk(p->kept, p->kept_axes, i);
    int32_t sum = p->offset;
    for (int32_t k = 0; k < elements; ++k) {
      int32_t at = from + thimble_walk(p->reduced, p->reduced_axes, k);
      sum += (int32_t)thimble_integer(inputs[0], p->type, at);
    }
    sum = thimble_requantize(sum, p->multiplier, (int8_t)p->shift);
    sum = thimble_clamp(sum, p->lowest - zero, -p->lowest - 1 - zero) + zero;
    thimble_put_integer(out, p->type, i, sum);
  }
}
