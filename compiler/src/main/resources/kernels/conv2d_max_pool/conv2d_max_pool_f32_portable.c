/* Convolution, float, of which only the maxima of a max pooling are stored: output row [W][O] of
 * the pooled map. The pooling's windows lie within the convolved map and do not overlap, so nothing
 * is computed twice; its clamp is merged into the convolution's, with which a maximum commutes. */
#include <math.h>
#include <stdint.h>

#include "common/conv2d_f32.h"
#include "common/function.h"

typedef struct {
  conv2d_f32_params convolution;
  uint16_t row_stride; /* input rows from one convolved row to the next */
  uint16_t pool_height;
  uint16_t pool_width;
  uint16_t pool_stride_width;
} conv2d_max_pool_f32_params;

static THIMBLE_NOINLINE void conv2d_max_pool_f32(const void *params, const void *const *rows,
                                                 int32_t x0, int32_t x1, void *out, void *scratch) {
  const conv2d_max_pool_f32_params *p = (const conv2d_max_pool_f32_params *)params;
  int32_t filters = p->convolution.groups * p->convolution.group_filters;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    for (int32_t ky = 0; ky < p->pool_height; ++ky) {
      for (int32_t kx = 0; kx < p->pool_width; ++kx) {
        conv2d_f32_pixel(&p->convolution, rows + ky * p->row_stride, x * p->pool_stride_width + kx,
                         (float *)out + x * filters, ky + kx);
      }
    }
  }
}
