/* Any function of an int8 element, by its results for all of them, of a row of elements. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const int8_t *table; /* [256], by the element read as a uint8 */
} lookup_s8_params;

static THIMBLE_NOINLINE void lookup_s8(const void *params, const void *const *rows, int32_t x0,
                                       int32_t x1, void *out, void *scratch) {
  const lookup_s8_params *p = (const lookup_s8_params *)params;
  const uint8_t *from = (const uint8_t *)rows[0];
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    ((int8_t *)out)[x] = p->table[from[x]];
  }
}
