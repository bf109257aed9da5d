/* Product of two operands that are broadcast against each other along any of four axes, int8. */
#include <stdint.h>

#include "common/function.h"
#include "common/mul_s8.h"

typedef struct {
  const int8_t *first;  /* a constant, or null where the operand is read at run time */
  const int8_t *second; /* likewise */
  mul_s8_quantization quantization;
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
} mul_whole_s8_params;

static THIMBLE_NOINLINE void mul_whole_s8(const void *params, const void *const *inputs, void *out,
                                          void *scratch) {
  const mul_whole_s8_params *p = (const mul_whole_s8_params *)params;
  const int8_t *first = p->first ? p->first : (const int8_t *)*inputs++;
  const int8_t *second = p->second ? p->second : (const int8_t *)*inputs;
  int8_t *to = (int8_t *)out;
  int32_t at[2];
  (void)scratch;
  for (int32_t i0 = 0; i0 < p->extent0; ++i0) {
    for (int32_t i1 = 0; i1 < p->extent1; ++i1) {
      for (int32_t i2 = 0; i2 < p->extent2; ++i2) {
        at[0] = i0 * p->first_stride0 + i1 * p->first_stride1 + i2 * p->first_stride2;
        at[1] = i0 * p->second_stride0 + i1 * p->second_stride1 + i2 * p->second_stride2;
        for (int32_t i3 = 0; i3 < p->extent3; ++i3) {
          *to++ = mul_s8_product(&p->quantization, first[at[0]], second[at[1]]);
          at[0] += p->first_stride3;
          at[1] += p->second_stride3;
        }
      }
    }
  }
}
