/* Some of the columns of rows, and of each column some of its elements. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"

typedef struct {
  int32_t first;       /* the byte of the input's row that output column 0 begins with */
  int32_t column_step; /* bytes from there to that of the next column */
  int32_t runs;        /* in a column */
  int32_t run;         /* bytes of each */
  int32_t run_step;    /* bytes from one run to the next */
} slice_rows_params;

static THIMBLE_NOINLINE void slice_rows(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const slice_rows_params *p = (const slice_rows_params *)params;
  const uint8_t *row = (const uint8_t *)rows[0];
  int32_t column = p->runs * p->run;
  uint8_t *to = (uint8_t *)out + x0 * column;
  (void)scratch;
  if (column == p->column_step && p->runs == 1) {
    memmove(to, row + p->first + x0 * column, (uint32_t)((x1 - x0) * column));
    return;
  }
  for (int32_t x = x0; x < x1; ++x) {
    int32_t from = p->first + x * p->column_step;
    for (int32_t i = 0; i < p->runs; ++i) {
      memmove(to, row + from, (uint32_t)p->run);
      to += p->run;
      from += p->run_step;
    }
  }
}
