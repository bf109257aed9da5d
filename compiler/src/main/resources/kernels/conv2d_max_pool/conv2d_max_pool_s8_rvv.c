/* Convolution, int8, of which only the maxima of a max pooling are stored, with the RISC-V vector
 * extension: output row [W][O] of the pooled map. The pooling's windows lie within the convolved map
 * and do not overlap, so nothing is computed twice; its clamp is merged into the convolution's, with
 * which a maximum commutes. */
#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"
#include "common/gemm_s8_rvv.h"
#include "common/window_s8_rvv.h"

typedef struct {
  thimble_gemm_rvv gemm;
  thimble_scale_rvv scale;
  thimble_window_rvv window; /* of the convolution; its chunk counts pooled columns */
  int32_t row_stride;        /* input rows from one convolved row to the next */
  int32_t pool_height;
  int32_t pool_width;
  int32_t pool_stride_width;
} conv2d_max_pool_s8_rvv_params;

/* The maxima of convolved pixels, and of what earlier rows came to unless that is null. */
static THIMBLE_NOINLINE void conv2d_max_pool_s8_rvv_max(const conv2d_max_pool_s8_rvv_params *p,
                                                        const int8_t *convolved,
                                                        const int8_t *earlier, int8_t *out,
                                                        int32_t pixels) {
  int32_t filters = p->gemm.filters * p->gemm.groups;
  for (int32_t x = 0; x < pixels; ++x) {
    size_t vl;
    for (int32_t channel = 0; channel < filters; channel += (int32_t)vl) {
      const int8_t *from = convolved + channel;
      vint8m8_t best;
      vl = __riscv_vsetvl_e8m8((size_t)(filters - channel));
      best = __riscv_vle8_v_i8m8(earlier ? earlier : from, vl);
      earlier = earlier ? earlier + vl : earlier;
      for (int32_t kx = 0; kx < p->pool_width; ++kx) {
        best = __riscv_vmax_vv_i8m8(best, __riscv_vle8_v_i8m8(from, vl), vl);
        from += filters;
      }
      __riscv_vse8_v_i8m8(out, best, vl);
      out += vl;
    }
    convolved += p->pool_stride_width * filters;
  }
}

/* scratch is the convolved pixels of a chunk, [columns][O], maxima of rows but the last, [chunk][O],
 * and windows, [KH][columns][C]. The output is stored when all that its chunk needs has been read. */
static THIMBLE_NOINLINE void conv2d_max_pool_s8_rvv(const void *params, const void *const *rows,
                                                    int32_t x0, int32_t x1, void *out,
                                                    void *scratch) {
  const conv2d_max_pool_s8_rvv_params *p = (const conv2d_max_pool_s8_rvv_params *)params;
  int32_t filters = p->gemm.filters * p->gemm.groups;
  int8_t *convolved = (int8_t *)scratch;
  int8_t *maxima =
      convolved + ((p->window.chunk - 1) * p->pool_stride_width + p->pool_width) * filters;
  thimble_piece_rvv piece;
  piece.scale = &p->scale;
  piece.step = p->window.stride_width * p->window.channels;
  piece.out = convolved;
  for (int32_t x = x0; x < x1; x += p->window.chunk) {
    int32_t pixels = x1 - x < p->window.chunk ? x1 - x : p->window.chunk;
    int32_t first = x * p->pool_stride_width;
    piece.pixels = (pixels - 1) * p->pool_stride_width + p->pool_width;
    for (int32_t ky = 0; ky < p->pool_height; ++ky) {
      thimble_view_rvv view =
          thimble_window_rows(&p->window, rows + ky * p->row_stride, first, first + piece.pixels,
                              maxima + p->window.chunk * filters);
      piece.first = view.first;
      piece.pitch = view.pitch;
      thimble_gemm_piece(&p->gemm, &piece);
      conv2d_max_pool_s8_rvv_max(
          p, convolved, ky > 0 ? maxima : (const int8_t *)0,
          ky + 1 < p->pool_height ? maxima : (int8_t *)out + x * filters, pixels);
    }
  }
}
