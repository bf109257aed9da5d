/* Maximum over windows, float: output row [W][C] from KH input rows [W][C]. Null rows and columns
 * outside of the map take no part. A channel is stored after all its taps have been read, so
 * without padding at the top or left the output may overwrite the input. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t left; /* columns of padding */
  float min;     /* the bounds of the activation */
  float max;
} max_pool2d_f32_params;

static THIMBLE_NOINLINE void max_pool2d_f32(const void *params, const void *const *rows, int32_t x0,
                                            int32_t x1, void *out, void *scratch) {
  const max_pool2d_f32_params *p = (const max_pool2d_f32_params *)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t end = column + p->kernel_width;
    float *to = (float *)out + x * p->channels;
    column = column > 0 ? column : 0;
    end = end < p->input_width ? end : p->input_width;
    for (int32_t c = 0; c < p->channels; ++c) {
      float best = -INFINITY;
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        const float *row = (const float *)rows[ky];
        for (int32_t at = row ? column : end; at < end; ++at) {
          float value = row[at * p->channels + c];
          best = value > best ? value : best;
        }
      }
      to[c] = best < p->min ? p->min : best > p->max ? p->max : best;
    }
  }
}
