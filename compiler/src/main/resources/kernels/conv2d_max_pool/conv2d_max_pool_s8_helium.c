/* Convolution, int8, of which only the maxima of a max pooling are stored, with M-profile vector
 * instructions: output row [W][O] of the pooled map. The pooling's windows lie within the convolved
 * map and do not overlap, so nothing is computed twice; its clamp is merged into the convolution's,
 * with which a maximum commutes. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/conv2d_s8_helium.h"
#include "common/function.h"

typedef struct {
  thimble_gemm gemm;
  thimble_scale scale;
  thimble_window window;
  int32_t chunk;      /* how many pooled columns are computed at a time */
  int32_t row_stride; /* input rows from one convolved row to the next */
  int32_t pool_height;
  int32_t pool_width;
  int32_t pool_stride_width;
} conv2d_max_pool_s8_helium_params;

/* The maxima of convolved pixels, and of what earlier rows came to unless that is null. */
static THIMBLE_NOINLINE void conv2d_max_pool_s8_helium_max(
    const conv2d_max_pool_s8_helium_params *p, const int8_t *convolved, const int8_t *earlier,
    int8_t *out, int32_t pixels) {
  int32_t filters = p->gemm.channels;
  for (int32_t x = 0; x < pixels; ++x) {
    for (int32_t channel = 0; channel < filters; channel += 16) {
      const int8_t *from = convolved + channel;
      mve_pred16_t some = vctp8q((uint32_t)(filters - channel));
      int8x16_t best = vldrbq_z_s8(earlier ? earlier + x * filters + channel : from, some);
      for (int32_t kx = 0; kx < p->pool_width; ++kx) {
        best = vmaxq_s8(best, vldrbq_z_s8(from, some));
        from += filters;
      }
      vstrbq_p_s8(out + channel, best, some);
    }
    out += filters;
    convolved += p->pool_stride_width * filters;
  }
}

/* scratch is that of the convolution, then the convolved pixels of a chunk, [columns][O], and
 * maxima of rows but the last, [chunk][O]. The output is stored when all that its chunk needs has
 * been read. */
static THIMBLE_NOINLINE void conv2d_max_pool_s8_helium(const void *params,
                                                       const void *const *rows, int32_t x0,
                                                       int32_t x1, void *out, void *scratch) {
  const conv2d_max_pool_s8_helium_params *p = (const conv2d_max_pool_s8_helium_params *)params;
  const thimble_gemm *g = &p->gemm;
  int32_t filters = g->channels;
  int8_t *convolved =
      (int8_t *)scratch + 32 * g->held + (g->small ? THIMBLE_CONV2D_WINDOWS : 2) * g->depth;
  int8_t *maxima = convolved + ((p->chunk - 1) * p->pool_stride_width + p->pool_width) * filters;
  for (int32_t x = x0; x < x1; x += p->chunk) {
    int32_t pixels = x1 - x < p->chunk ? x1 - x : p->chunk;
    int32_t first = x * p->pool_stride_width;
    int32_t end = first + (pixels - 1) * p->pool_stride_width + p->pool_width;
    for (int32_t ky = 0; ky < p->pool_height; ++ky) {
      thimble_conv2d_columns(g, &p->scale, &p->window, rows + ky * p->row_stride, first, end,
                             convolved, scratch);
      conv2d_max_pool_s8_helium_max(
          p, convolved, ky > 0 ? maxima : (const int8_t *)0,
          ky + 1 < p->pool_height ? maxima : (int8_t *)out + x * filters, pixels);
    }
  }
}
