/* Matrix product with a filter of 4-bit elements, int8, on cores with the DSP extension: [rows][I] to
 * [rows][O]. A row is widened to int16 in the scratch memory. */
#include <stdint.h>

#include "common/dsp_column.h"
#include "common/dsp_nibbles.h"
#include "common/function.h"

typedef struct {
  dsp_nibbles filters;
  int32_t rows;
  int32_t depth; /* I */
} fully_connected_nibbles_s8_dsp_params;

static THIMBLE_NOINLINE void fully_connected_nibbles_s8_dsp(const void *params,
                                                            const void *const *inputs, void *out,
                                                            void *scratch) {
  const fully_connected_nibbles_s8_dsp_params *p =
      (const fully_connected_nibbles_s8_dsp_params *)params;
  const int8_t *row = (const int8_t *)inputs[0];
  int8_t *to = (int8_t *)out;
  int32_t rest = p->depth & 3;
  for (int32_t i = 0; i < p->rows; ++i) {
    int32_t *end = dsp_widen(row, (int32_t *)scratch, p->depth >> 2);
    row += p->depth;
    if (rest) {
      end[0] = (uint16_t)row[-rest];
      end[1] = rest > 1 ? (uint16_t)row[1 - rest] : 0;
      if (rest > 2) {
        end[0] |= (int32_t)((uint32_t)(uint16_t)row[-1] << 16);
      }
    }
    dsp_nibbles_pixels(&p->filters, (const int32_t *)scratch, 1, to);
    to += p->filters.channels;
  }
  dsp_nibbles_clamp(&p->filters, (int8_t *)out, p->rows * p->filters.channels);
}
