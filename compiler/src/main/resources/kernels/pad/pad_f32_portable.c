/* A border of one value around [D0][D1][D2][D3], float. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  float value;
  int32_t extent0; /* of the input */
  int32_t extent1;
  int32_t extent2;
  int32_t extent3;
  int32_t before0; /* the entries added on each axis */
  int32_t before1;
  int32_t before2;
  int32_t before3;
  int32_t after0;
  int32_t after1;
  int32_t after2;
  int32_t after3;
} pad_f32_params;

static THIMBLE_NOINLINE void pad_f32(const void *params, const void *const *inputs, void *out,
                                     void *scratch) {
  const pad_f32_params *p = (const pad_f32_params *)params;
  const float *from = (const float *)inputs[0];
  float *to = (float *)out;
  (void)scratch;
  for (int32_t i0 = -p->before0; i0 < p->extent0 + p->after0; ++i0) {
    for (int32_t i1 = -p->before1; i1 < p->extent1 + p->after1; ++i1) {
      for (int32_t i2 = -p->before2; i2 < p->extent2 + p->after2; ++i2) {
        int32_t outside = i0 < 0 || i0 >= p->extent0 || i1 < 0 || i1 >= p->extent1 || i2 < 0 ||
                          i2 >= p->extent2;
        for (int32_t i3 = -p->before3; i3 < p->extent3 + p->after3; ++i3) {
          *to++ = outside || i3 < 0 || i3 >= p->extent3 ? p->value : *from++;
        }
      }
    }
  }
}
