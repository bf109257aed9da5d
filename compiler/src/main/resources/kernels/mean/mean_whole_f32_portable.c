/* Mean over any axes, float: [K0][R0][K1][R1][K2] to [K0][K1][K2]; adjoining axes that are all
 * kept, or all reduced, count as one. The elements of one mean are summed in memory order. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t kept0;
  int32_t reduced0;
  int32_t kept1;
  int32_t reduced1;
  int32_t kept2;
  float count; /* R0 * R1 */
} mean_whole_f32_params;

static THIMBLE_NOINLINE void mean_whole_f32(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  const mean_whole_f32_params *p = (const mean_whole_f32_params *)params;
  const float *block = (const float *)inputs[0];
  float *to = (float *)out;
  (void)scratch;
  for (int32_t k0 = 0; k0 < p->kept0; ++k0) {
    for (int32_t i = 0; i < p->kept1 * p->kept2; ++i) {
      int32_t k1 = i / p->kept2;
      int32_t k2 = i - k1 * p->kept2;
      float sum = 0.0f;
      for (int32_t r0 = 0; r0 < p->reduced0; ++r0) {
        const float *from = block + ((r0 * p->kept1 + k1) * p->reduced1 * p->kept2 + k2);
        for (int32_t r1 = 0; r1 < p->reduced1; ++r1) {
          sum += from[r1 * p->kept2];
        }
      }
      *to++ = sum / p->count;
    }
    block += p->reduced0 * p->kept1 * p->reduced1 * p->kept2;
  }
}
