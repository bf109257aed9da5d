/* Copy of elements of any type, row by row: the row's bytes [x0, x1). */
#include <stdint.h>
#include <string.h>

#include "common/function.h"

typedef struct {
  int32_t bytes; /* of a row */
} copy_rows_params;

static THIMBLE_NOINLINE void copy_rows(const void *params, const void *const *rows, int32_t x0,
                                       int32_t x1, void *out, void *scratch) {
  (void)params;
  (void)scratch;
  memmove((uint8_t *)out + x0, (const uint8_t *)rows[0] + x0, (uint32_t)(x1 - x0));
}
