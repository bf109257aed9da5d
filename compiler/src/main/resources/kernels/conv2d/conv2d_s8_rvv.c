/* Convolution, int8, with the RISC-V vector extension: output row [W][O] from KH input rows
 * [W][C]. */
#include <stdint.h>

#include "common/function.h"
#include "common/gemm_s8_rvv.h"
#include "common/window_s8_rvv.h"

typedef struct {
  thimble_gemm_rvv gemm;
  thimble_scale_rvv scale;
  thimble_window_rvv window;
} conv2d_s8_rvv_params;

/* scratch is the windows of a chunk, [KH][columns][C], where they are copied. */
static THIMBLE_NOINLINE void conv2d_s8_rvv(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  const conv2d_s8_rvv_params *p = (const conv2d_s8_rvv_params *)params;
  thimble_piece_rvv piece;
  piece.scale = &p->scale;
  piece.step = p->window.stride_width * p->window.channels;
  for (int32_t x = x0; x < x1; x += p->window.chunk) {
    thimble_view_rvv view;
    piece.pixels = x1 - x < p->window.chunk ? x1 - x : p->window.chunk;
    view = thimble_window_rows(&p->window, rows, x, x + piece.pixels, (int8_t *)scratch);
    piece.first = view.first;
    piece.pitch = view.pitch;
    piece.out = (int8_t *)out + x * (p->gemm.filters * p->gemm.groups);
    thimble_gemm_piece(&p->gemm, &piece);
  }
}
