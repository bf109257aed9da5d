/* Matrix product with a filter, int8, with the RISC-V vector extension: [rows][I] to [rows][O]. */
#include <stdint.h>

#include "common/function.h"
#include "common/gemm_s8_rvv.h"

typedef struct {
  thimble_gemm_rvv gemm;
  thimble_scale_rvv scale;
  int32_t pixels; /* rows of the input */
} fully_connected_s8_rvv_params;

static THIMBLE_NOINLINE void fully_connected_s8_rvv(const void *params, const void *const *inputs,
                                                    void *out, void *scratch) {
  const fully_connected_s8_rvv_params *p = (const fully_connected_s8_rvv_params *)params;
  thimble_piece_rvv piece;
  (void)scratch;
  piece.scale = &p->scale;
  piece.first = (const int8_t *)inputs[0];
  piece.pitch = 0;
  piece.step = p->gemm.depth;
  piece.pixels = p->pixels;
  piece.out = (int8_t *)out;
  thimble_gemm_piece(&p->gemm, &piece);
}
