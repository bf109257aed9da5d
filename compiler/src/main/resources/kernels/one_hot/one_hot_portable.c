/* Vectors of one value but for one element of another: indices [outer][inner] to
 * [outer][depth][inner]. */
#include <stdint.h>
#include <string.h>

#include "common/elements.h"
#include "common/function.h"
#include "common/integers.h"

typedef struct {
  int32_t outer;
  int32_t extent; /* depth */
  int32_t inner;
  int32_t type;     /* of the indices, see common/integers.h */
  int32_t width;    /* the bytes of a value */
  int32_t from_end; /* 1 where an index below 0 counts from the end */
} one_hot_params;

/* inputs: the indices; the values off and on. */
static THIMBLE_NOINLINE void one_hot(const void *params, const void *const *inputs, void *out,
                                     void *scratch) {
  const one_hot_params *p = (const one_hot_params *)params;
  const uint8_t *values = (const uint8_t *)inputs[1];
  uint8_t *to = (uint8_t *)out;
  (void)scratch;
  for (int32_t o = 0; o < p->outer; ++o) {
    for (int32_t k = 0; k < p->extent; ++k) {
      for (int32_t i = 0; i < p->inner; ++i) {
        int64_t index = thimble_integer(inputs[0], p->type, o * p->inner + i);
        int32_t on = index == k || (p->from_end && index < 0 && index + p->extent == k);
        thimble_copy_element(to, values + on * p->width, p->width);
        to += p->width;
      }
    }
  }
}
