/* The real numbers that a row of integers of any type stands for. */
#include <stdint.h>

#include "common/stored.h"
#include "common/function.h"

typedef struct {
  float scale;
  int32_t zero_point;
  uint8_t element; /* the type: common/stored.h */
} dequantize_wide_f32_params;

static THIMBLE_NOINLINE void dequantize_wide_f32(const void *params, const void *const *rows,
                                                 int32_t x0, int32_t x1, void *out,
                                                 void *scratch) {
  const dequantize_wide_f32_params *p = (const dequantize_wide_f32_params *)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t value = thimble_load(rows[0], x, p->element) - p->zero_point;
    ((float *)out)[x] = p->scale * (float)value;
  }
}
