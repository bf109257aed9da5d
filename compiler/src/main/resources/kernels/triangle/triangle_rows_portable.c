/* One triangle of each matrix, and zeros in the other. */
#include <stdint.h>
#include <string.h>

#include "common/elements.h"
#include "common/function.h"

typedef struct {
  int32_t lines;    /* rows of all matrices */
  int32_t rows;     /* of a matrix */
  int32_t columns;
  int32_t diagonal; /* the column of row 0 with which the upper triangle begins, the lower ends */
  int32_t upper;    /* 1 where the upper triangle is kept */
  int32_t width;    /* the bytes of an element */
  int32_t fill_low; /* the bits of a zero */
  int32_t fill_high;
} triangle_rows_params;

static THIMBLE_NOINLINE void triangle_rows(const void *params, const void *const *inputs,
                                           void *out, void *scratch) {
  const triangle_rows_params *p = (const triangle_rows_params *)params;
  const uint8_t *from = (const uint8_t *)inputs[0];
  uint8_t *to = (uint8_t *)out;
  (void)scratch;
  for (int32_t line = 0; line < p->lines; ++line) {
    int64_t edge = (int64_t)(line % p->rows) + p->diagonal + (p->upper ? 0 : 1);
    int32_t split = edge < 0 ? 0 : edge > p->columns ? p->columns : (int32_t)edge;
    int32_t begin = p->upper ? split : 0;
    int32_t end = p->upper ? p->columns : split;
    thimble_fill_elements(to, begin, p->width, p->fill_low, p->fill_high);
    memmove(to + begin * p->width, from + begin * p->width, (uint32_t)((end - begin) * p->width));
    thimble_fill_elements(to + end * p->width, p->columns - end, p->width, p->fill_low,
                          p->fill_high);
    from += p->columns * p->width;
    to += p->columns * p->width;
  }
}
