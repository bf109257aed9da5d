/* Matrix product with a filter, int8, with M-profile vector instructions: [rows][I] to [rows][O]. */
#include <stdint.h>

#include "common/function.h"
#include "common/gemm_s8_helium.h"
#include "common/gemm_small_s8_helium.h"

typedef struct {
  thimble_gemm gemm;
  thimble_scale scale;
  int32_t rows;
} fully_connected_s8_helium_params;

static THIMBLE_NOINLINE void fully_connected_s8_helium(const void *params,
                                                       const void *const *inputs, void *out,
                                                       void *scratch) {
  const fully_connected_s8_helium_params *p = (const fully_connected_s8_helium_params *)params;
  const thimble_gemm *g = &p->gemm;
  const int8_t *from = (const int8_t *)inputs[0];
  int8_t *to[2];
  thimble_gemm_blocks blocks;
  if (g->small) {
    thimble_gemm_small(g, &p->scale, from, g->depth, p->rows, (int8_t *)out, (int32_t *)scratch);
    return;
  }
  blocks.gemm = g;
  blocks.scale = &p->scale;
  blocks.memory = (int32_t *)scratch;
  to[0] = (int8_t *)out;
  for (int32_t row = 0; row < p->rows; row += 2) {
    to[1] = to[0] + g->channels;
    blocks.first = from;
    if (row + 1 < p->rows) {
      blocks.second = from + g->depth;
      thimble_gemm_begin(&blocks, 2);
      thimble_gemm_pair(&blocks, to);
    } else {
      blocks.second = from;
      thimble_gemm_begin(&blocks, 1);
      thimble_gemm_last(&blocks, to);
    }
    to[0] = to[1] + g->channels;
    from += 2 * g->depth;
  }
}
