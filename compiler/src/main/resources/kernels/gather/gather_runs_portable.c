/* Entries of an axis by index: data [B][outer][extent][run] and indices [B][I] to
 * [B][outer][I][run]. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/indices.h"

typedef struct {
  int32_t batches; /* B */
  int32_t outer;
  int32_t extent;
  int32_t count;       /* I */
  int32_t run;         /* bytes of an entry */
  int32_t index_bytes; /* of an index */
} gather_runs_params;

static THIMBLE_NOINLINE void gather_runs(const void *params, const void *const *inputs, void *out,
                                         void *scratch) {
  const gather_runs_params *p = (const gather_runs_params *)params;
  const uint8_t *from = (const uint8_t *)inputs[0];
  uint8_t *to = (uint8_t *)out;
  (void)scratch;
  for (int32_t b = 0; b < p->batches; ++b) {
    for (int32_t o = 0; o < p->outer; ++o) {
      for (int32_t i = 0; i < p->count; ++i) {
        int64_t index = thimble_index(inputs[1], p->index_bytes, b * p->count + i);
        memcpy(to, from + thimble_entry(index, p->extent) * p->run, (uint32_t)p->run);
        to += p->run;
      }
      from += p->extent * p->run;
    }
  }
}
