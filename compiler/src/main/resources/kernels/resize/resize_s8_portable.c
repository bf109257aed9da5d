/* Bilinear means of int8 pixels (docs/quantization.md, rule Q52). */
#include <stdint.h>

#include "common/function.h"
#include "common/resize_s8.h"

typedef struct {
  const uint16_t *row_lower;    /* for each row of the output the two of the input */
  const uint16_t *row_upper;
  const int16_t *row_fraction;  /* and the share of the second, in 1/1024 */
  const uint16_t *column_lower; /* likewise for columns */
  const uint16_t *column_upper;
  const int16_t *column_fraction;
  int32_t batches;
  int32_t in_rows;
  int32_t in_columns;
  int32_t rows; /* of the output */
  int32_t columns;
  int32_t channels;
} resize_s8_params;

static THIMBLE_NOINLINE void resize_s8(const void *params, const void *const *inputs, void *out,
                                       void *scratch) {
  const resize_s8_params *p = (const resize_s8_params *)params;
  int8_t *to = (int8_t *)out;
  (void)scratch;
  for (int32_t i = 0; i < p->batches * p->rows; ++i) {
    const int8_t *map =
        (const int8_t *)inputs[0] + i / p->rows * p->in_rows * p->in_columns * p->channels;
    int32_t y = i % p->rows;
    const int8_t *above = map + p->row_lower[y] * p->in_columns * p->channels;
    const int8_t *below = map + p->row_upper[y] * p->in_columns * p->channels;
    int32_t down = p->row_fraction[y];
    for (int32_t x = 0; x < p->columns; ++x) {
      int32_t left = p->column_lower[x] * p->channels;
      int32_t right = p->column_upper[x] * p->channels;
      int32_t share = p->column_fraction[x];
      for (int32_t c = 0; c < p->channels; ++c) {
        int32_t upper = above[left + c] * (1024 - share) + above[right + c] * share;
        int32_t lower = below[left + c] * (1024 - share) + below[right + c] * share;
        *to++ = thimble_resize_rounded(upper * (1024 - down) + lower * down);
      }
    }
  }
}
