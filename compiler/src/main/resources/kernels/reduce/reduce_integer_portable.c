/* Sums, products, extremes and means over any axes, integers of any type. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"
#include "common/reduce.h"

typedef struct {
  const int32_t *kept;    /* the axes kept: extent and stride, in elements, of each */
  const int32_t *reduced; /* the axes reduced, likewise */
  int32_t kept_axes;
  int32_t reduced_axes;
  int32_t type;     /* see common/integers.h */
  int32_t function; /* see common/reduce.h */
} reduce_integer_params;

/* Unsigned, so that what leaves 64 bits wraps. */
static THIMBLE_INLINE int64_t reduce_integer_next(int32_t function, int64_t so, int64_t element) {
  uint64_t a = (uint64_t)so, b = (uint64_t)element;
  switch (function) {
    case THIMBLE_REDUCE_MAX:
      return element > so ? element : so;
    case THIMBLE_REDUCE_MIN:
      return element < so ? element : so;
    case THIMBLE_REDUCE_PROD:
      return (int64_t)(a * b);
    case THIMBLE_REDUCE_L1:
      return (int64_t)(element < 0 ? a - b : a + b);
    case THIMBLE_REDUCE_SQUARES:
      return (int64_t)(a + b * b);
    default:
      return (int64_t)(a + b);
  }
}

static THIMBLE_NOINLINE void reduce_integer(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  const reduce_integer_params *p = (const reduce_integer_params *)params;
  int32_t count = thimble_walk_count(p->kept, p->kept_axes);
  int32_t elements = thimble_walk_count(p->reduced, p->reduced_axes);
  int32_t function = p->function;
  (void)scratch;
  for (int32_t i = 0; i < count; ++i) {
    int32_t at = thimble_walk(p->kept, p->kept_axes, i);
    int64_t so = function == THIMBLE_REDUCE_MAX    ? INT64_MIN
                 : function == THIMBLE_REDUCE_MIN  ? INT64_MAX
                 : function == THIMBLE_REDUCE_PROD ? 1
                                                   : 0;
    for (int32_t k = 0; k < elements; ++k) {
      int32_t from = at + thimble_walk(p->reduced, p->reduced_axes, k);
      so = reduce_integer_next(function, so, thimble_integer(inputs[0], p->type, from));
    }
    thimble_put_integer(out, p->type, i, function == THIMBLE_REDUCE_MEAN ? so / elements : so);
  }
}
