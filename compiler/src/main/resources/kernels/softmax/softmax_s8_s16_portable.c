/* Softmax along each row of int8, [rows][depth], to int16 of scale 1/65536 and zero point -32768
 * (docs/quantization.md, rule Q15). */
#include <stdint.h>

#include "common/function.h"
#include "common/softmax_rows.h"

typedef softmax_rows_params softmax_s8_s16_params;

static THIMBLE_NOINLINE void softmax_s8_s16(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  (void)scratch;
  softmax_rows((const softmax_rows_params *)params, (const int8_t *)inputs[0], out, 1);
}
