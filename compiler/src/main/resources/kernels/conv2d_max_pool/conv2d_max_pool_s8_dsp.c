/* Convolution, int8, of which only the maxima of a max pooling are stored, on cores with the DSP
 * extension: output row [W][O] of the pooled map. The pooling's windows lie within the convolved map
 * and do not overlap, so nothing is computed twice; its clamp is merged into the convolution's, with
 * which a maximum commutes. */
#include <stdint.h>

#include "common/dsp_pixels.h"
#include "common/function.h"
#include "conv2d/conv2d_s8_dsp.c"

/* The scratch memory is the convolution's, and then a row's convolved pixels, [columns][O]. */
typedef struct {
  conv2d_s8_dsp_params convolution;
  int32_t filters;           /* O */
  int32_t convolution_bytes; /* of scratch memory, a multiple of 4 */
  uint16_t row_stride;       /* input rows from one convolved row to the next */
  uint16_t pool_height;
  uint16_t pool_width;
  uint16_t pool_stride_width;
  uint16_t chunk; /* pooled pixels that are computed at a time */
} conv2d_max_pool_s8_dsp_params;

/* The maxima of a row's convolved pixels, and of what earlier rows came to. */
static THIMBLE_NOINLINE void conv2d_max_pool_s8_dsp_max(const conv2d_max_pool_s8_dsp_params *p,
                                                        const int8_t *convolved, int32_t pixels,
                                                        int32_t earlier, int8_t *out) {
  int32_t filters = p->filters;
  int32_t step = (p->pool_stride_width - p->pool_width) * filters;
  const int8_t *from = convolved;
  for (int8_t *end = out + pixels * filters; out < end; from += step) {
    const int8_t *next = from + filters;
    int32_t others = p->pool_width - 1;
    int8_t *to = out;
    for (; next - from >= 4; from += 4, to += 4) {
      uint32_t best = dsp_load4(from);
      const int8_t *other = from;
      for (int32_t i = others; i > 0; --i) {
        other += filters;
        best = dsp_max4(dsp_load4(other), best);
      }
      best = earlier ? dsp_max4(dsp_load4(to), best) : best;
      dsp_store4(to, best);
    }
    for (; from < next; ++from, ++to) {
      int32_t best = earlier ? *to : INT8_MIN;
      for (int32_t i = others; i >= 0; --i) {
        best = from[i * filters] > best ? from[i * filters] : best;
      }
      *to = (int8_t)best;
    }
    from += others * filters;
    out = to;
  }
}

static THIMBLE_NOINLINE void conv2d_max_pool_s8_dsp(const void *params, const void *const *rows,
                                                    int32_t x0, int32_t x1, void *out,
                                                    void *scratch) {
  const conv2d_max_pool_s8_dsp_params *p = (const conv2d_max_pool_s8_dsp_params *)params;
  int8_t *convolved = (int8_t *)scratch + p->convolution_bytes;
  for (int32_t x = x0; x < x1; x += p->chunk) {
    int32_t pixels = x1 - x < p->chunk ? x1 - x : p->chunk;
    int32_t first = x * p->pool_stride_width;
    int32_t end = first + (pixels - 1) * p->pool_stride_width + p->pool_width;
    int8_t *to = (int8_t *)out + x * p->filters;
    for (int32_t ky = 0; ky < p->pool_height; ++ky) {
      /* A convolution stores its columns at their places in a row, which begins ahead of these. */
      conv2d_s8_dsp(&p->convolution, rows + ky * p->row_stride, first, end,
                    convolved - first * p->filters, scratch);
      conv2d_max_pool_s8_dsp_max(p, convolved, pixels, ky, to);
    }
  }
}
