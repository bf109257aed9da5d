/* Average over windows, int8 (docs/quantization.md, rule Q17): output row [W][C] from KH input rows
 * [W][C]; quotients are rounded to the nearest, ties away from zero. Null rows and columns outside
 * of the map take no part, nor are they counted. A channel is stored after all its taps have been
 * read, so without padding at the top or left the output may overwrite the input. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation */
  int16_t max;
} average_pool2d_s8_params;

static THIMBLE_NOINLINE void average_pool2d_s8(const void *params, const void *const *rows,
                                               int32_t x0, int32_t x1, void *out, void *scratch) {
  const average_pool2d_s8_params *p = (const average_pool2d_s8_params *)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t end = column + p->kernel_width;
    int8_t *to = (int8_t *)out + x * p->channels;
    column = column > 0 ? column : 0;
    end = end < p->input_width ? end : p->input_width;
    for (int32_t c = 0; c < p->channels; ++c) {
      int32_t sum = 0;
      int32_t count = 0;
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        const int8_t *row = (const int8_t *)rows[ky];
        for (int32_t at = row ? column : end; at < end; ++at) {
          sum += row[at * p->channels + c];
          ++count;
        }
      }
      sum = (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
      to[c] = (int8_t)thimble_clamp(sum, p->min, p->max);
    }
  }
}
