/* The first entries of an axis in reverse order, as many as each batch entry has. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/indices.h"

typedef struct {
  int32_t runs;   /* of the tensor */
  int32_t run;    /* bytes of each */
  int32_t extent; /* of the axis */
  int32_t inner;  /* runs from one entry of the axis to the next */
  int32_t batches;
  int32_t batch_inner; /* runs from one batch entry to the next */
  int32_t index_bytes; /* of a length */
} reverse_sequence_params;

static THIMBLE_NOINLINE void reverse_sequence(const void *params, const void *const *inputs,
                                              void *out, void *scratch) {
  const reverse_sequence_params *p = (const reverse_sequence_params *)params;
  (void)scratch;
  for (int32_t i = 0; i < p->runs; ++i) {
    int32_t batch = i / p->batch_inner % p->batches;
    int32_t entry = i / p->inner % p->extent;
    int64_t length = thimble_index(inputs[1], p->index_bytes, batch);
    int32_t from = i;
    length = length < 0 ? 0 : length > p->extent ? p->extent : length;
    if (entry < length) {
      from += ((int32_t)length - 1 - 2 * entry) * p->inner;
    }
    memcpy((uint8_t *)out + i * p->run, (const uint8_t *)inputs[0] + from * p->run,
           (uint32_t)p->run);
  }
}
