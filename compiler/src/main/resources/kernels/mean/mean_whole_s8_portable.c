/* Mean over any axes, int8: [K0][R0][K1][R1][K2] to [K0][K1][K2]; adjoining axes that are all kept,
 * or all reduced, count as one. The elements of one mean are summed in memory order. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t kept0;
  int32_t reduced0;
  int32_t kept1;
  int32_t reduced1;
  int32_t kept2;
  int32_t offset;     /* minus the input's zero point times the number of elements */
  int32_t multiplier; /* holds the division by the number of elements */
  int8_t shift;
  int8_t output_zero_point;
} mean_whole_s8_params;

static THIMBLE_NOINLINE void mean_whole_s8(const void *params, const void *const *inputs, void *out,
                                           void *scratch) {
  const mean_whole_s8_params *p = (const mean_whole_s8_params *)params;
  const int8_t *block = (const int8_t *)inputs[0];
  int8_t *to = (int8_t *)out;
  int32_t zero = p->output_zero_point;
  (void)scratch;
  for (int32_t k0 = 0; k0 < p->kept0; ++k0) {
    for (int32_t i = 0; i < p->kept1 * p->kept2; ++i) {
      int32_t k1 = i / p->kept2;
      int32_t k2 = i - k1 * p->kept2;
      int32_t sum = p->offset;
      for (int32_t r0 = 0; r0 < p->reduced0; ++r0) {
        const int8_t *from = block + ((r0 * p->kept1 + k1) * p->reduced1 * p->kept2 + k2);
        for (int32_t r1 = 0; r1 < p->reduced1; ++r1) {
          sum += from[r1 * p->kept2];
        }
      }
      sum = thimble_requantize(sum, p->multiplier, p->shift);
      *to++ = (int8_t)(thimble_clamp(sum, INT8_MIN - zero, INT8_MAX - zero) + zero);
    }
    block += p->reduced0 * p->kept1 * p->reduced1 * p->kept2;
  }
}
