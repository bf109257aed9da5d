/* Rows of columns side by side: each output column is one column of every operand, in order. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"

typedef struct {
  const int32_t *parts; /* the bytes of a column of each operand */
  int32_t count;        /* operands */
  int32_t column;       /* the bytes of an output column */
} concat_rows_params;

static THIMBLE_NOINLINE void concat_rows(const void *params, const void *const *rows, int32_t x0,
                                         int32_t x1, void *out, void *scratch) {
  const concat_rows_params *p = (const concat_rows_params *)params;
  uint8_t *to = (uint8_t *)out + x0 * p->column;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    for (int32_t i = 0; i < p->count; ++i) {
      int32_t bytes = p->parts[i];
      memmove(to, (const uint8_t *)rows[i] + x * bytes, (uint32_t)bytes);
      to += bytes;
    }
  }
}
