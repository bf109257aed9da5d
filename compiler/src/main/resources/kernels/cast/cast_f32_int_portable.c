/* Floats of a row of elements as integers of any type: cut towards zero and saturated, NaN as 0; or
 * for booleans whether they are not 0. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"

typedef struct {
  int8_t to;       /* as in common/integers.h */
  uint8_t boolean; /* 1 where the results are booleans */
  int64_t min;     /* the type's range */
  int64_t max;
  float below; /* the floats between which the range holds the number cut towards zero */
  float above;
} cast_f32_int_params;

static THIMBLE_INLINE int64_t cast_f32_int_of(const cast_f32_int_params *p, float value) {
  if (p->boolean) {
    return value != 0.0f;
  }
  if (value <= p->below) {
    return p->min;
  }
  if (value >= p->above) {
    return p->max;
  }
  return value == value ? (int64_t)value : 0;
}

static THIMBLE_NOINLINE void cast_f32_int(const void *params, const void *const *rows, int32_t x0,
                                          int32_t x1, void *out, void *scratch) {
  const cast_f32_int_params *p = (const cast_f32_int_params *)params;
  int32_t bytes = p->to & 15;
  const float *from = (const float *)rows[0];
  uint8_t *to = (uint8_t *)out + x0 * bytes;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    thimble_put_integer(to, p->to, 0, cast_f32_int_of(p, from[x]));
    to += bytes;
  }
}
