/* Pooling over windows with holes and padding that counts, integers (docs/quantization.md, rules
 * Q16 and Q17): output row [W][C] from the input rows [W][C] that the window spans. */
#include <stdint.h>

#include "common/stored.h"
#include "common/function.h"
#include "common/requantize.h"
#include "common/window_pool2d.h"

typedef struct {
  window_pool2d_places places;
  int16_t min; /* the bounds of the activation */
  int16_t max;
  uint8_t average; /* 0: the maximum */
  uint8_t element; /* the type: common/stored.h */
} window_pool2d_int_params;

static THIMBLE_NOINLINE void window_pool2d_int(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  const window_pool2d_int_params *p = (const window_pool2d_int_params *)params;
  const window_pool2d_places *w = &p->places;
  int32_t counted = window_pool2d_rows(w, rows);
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * w->stride_width - w->left;
    int32_t count = counted * window_pool2d_columns(w, column, -w->counted_left,
                                                    w->input_width + w->counted_right);
    for (int32_t c = 0; c < w->channels; ++c) {
      int32_t sum = p->average ? 0 : INT16_MIN;
      for (int32_t ky = 0; ky < w->kernel_height; ++ky) {
        const void *row = rows[ky * w->dilation_height];
        for (int32_t kx = 0; row && kx < w->kernel_width; ++kx) {
          int32_t at = column + kx * w->dilation_width;
          if (at >= 0 && at < w->input_width) {
            int32_t value = thimble_load(row, at * w->channels + c, p->element);
            sum = p->average ? sum + value : value > sum ? value : sum;
          }
        }
      }
      if (p->average) {
        sum = (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
      }
      thimble_store(out, x * w->channels + c, p->element, thimble_clamp(sum, p->min, p->max));
    }
  }
}
