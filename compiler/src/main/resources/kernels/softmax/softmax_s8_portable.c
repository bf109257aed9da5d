/* Softmax along each row, int8: [rows][depth], to a scale of 1/256 and zero point -128
 * (docs/quantization.md, rule Q15). */
#include <stdint.h>

#include "common/function.h"
#include "common/softmax_rows.h"

typedef softmax_rows_params softmax_s8_params;

static THIMBLE_NOINLINE void softmax_s8(const void *params, const void *const *inputs, void *out,
                                        void *scratch) {
  (void)scratch;
  softmax_rows((const softmax_rows_params *)params, (const int8_t *)inputs[0], out, 0);
}
