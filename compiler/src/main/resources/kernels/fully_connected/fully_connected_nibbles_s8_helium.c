/* Matrix product with a filter of 4-bit elements, int8, with M-profile vector instructions: [rows][I]
 * to [rows][O]. */
#include <stdint.h>

#include "common/function.h"
#include "common/nibbles_s8_helium.h"

typedef struct {
  thimble_nibbles gemm;
  thimble_scale scale;
  int32_t rows;
} fully_connected_nibbles_s8_helium_params;

static THIMBLE_NOINLINE void fully_connected_nibbles_s8_helium(const void *params,
                                                               const void *const *inputs,
                                                               void *out, void *scratch) {
  const fully_connected_nibbles_s8_helium_params *p =
      (const fully_connected_nibbles_s8_helium_params *)params;
  const int8_t *from = (const int8_t *)inputs[0];
  thimble_nibbles_blocks blocks;
  int8_t *to[2];
  (void)scratch;
  thimble_nibbles_begin(&blocks, &p->gemm, &p->scale);
  to[0] = (int8_t *)out;
  for (int32_t row = 0; row < p->rows; row += 2) {
    int32_t more = row + 1 < p->rows;
    to[1] = more ? to[0] + p->gemm.channels : to[0];
    blocks.first = from;
    blocks.second = more ? from + p->gemm.depth : from;
    thimble_nibbles_pair(&blocks, to);
    to[0] = to[1] + p->gemm.channels;
    from += 2 * p->gemm.depth;
  }
}
