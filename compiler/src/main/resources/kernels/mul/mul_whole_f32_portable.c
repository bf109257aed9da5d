/* Product of two operands that are broadcast against each other along any of four axes, float. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const float *first;  /* a constant, or null where the operand is read at run time */
  const float *second; /* likewise */
  float min;           /* the bounds of the activation */
  float max;
  int32_t extent0; /* of the output */
  int32_t extent1;
  int32_t extent2;
  int32_t extent3;
  int32_t first_stride0; /* in elements; 0 along the axes that broadcasting repeats */
  int32_t first_stride1;
  int32_t first_stride2;
  int32_t first_stride3;
  int32_t second_stride0;
  int32_t second_stride1;
  int32_t second_stride2;
  int32_t second_stride3;
} mul_whole_f32_params;

static THIMBLE_NOINLINE void mul_whole_f32(const void *params, const void *const *inputs, void *out,
                                           void *scratch) {
  const mul_whole_f32_params *p = (const mul_whole_f32_params *)params;
  const float *first = p->first ? p->first : (const float *)*inputs++;
  const float *second = p->second ? p->second : (const float *)*inputs;
  float *to = (float *)out;
  int32_t at[2];
  (void)scratch;
  for (int32_t i0 = 0; i0 < p->extent0; ++i0) {
    for (int32_t i1 = 0; i1 < p->extent1; ++i1) {
      for (int32_t i2 = 0; i2 < p->extent2; ++i2) {
        at[0] = i0 * p->first_stride0 + i1 * p->first_stride1 + i2 * p->first_stride2;
        at[1] = i0 * p->second_stride0 + i1 * p->second_stride1 + i2 * p->second_stride2;
        for (int32_t i3 = 0; i3 < p->extent3; ++i3) {
          float product = first[at[0]] * second[at[1]];
          *to++ = product < p->min ? p->min : product > p->max ? p->max : product;
          at[0] += p->first_stride3;
          at[1] += p->second_stride3;
        }
      }
    }
  }
}
