/* int8 as uint8 of the same scale and 128 more, or the reverse, of a row of elements. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int8_t unused;
} recode_bytes_params;

static THIMBLE_NOINLINE void recode_bytes(const void *params, const void *const *rows, int32_t x0,
                                          int32_t x1, void *out, void *scratch) {
  const uint8_t *from = (const uint8_t *)rows[0];
  (void)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    ((uint8_t *)out)[x] = from[x] ^ 0x80;
  }
}
