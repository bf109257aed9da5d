/* Functions of pairs of integers, of any integer type, by rows and of whole tensors; results wrap
 * around. */
#include <stdint.h>

#include "common/function.h"
#include "common/integers.h"
#include "common/pairs.h"

typedef struct {
  int8_t function; /* see below */
  int8_t type;     /* as in common/integers.h */
} binary_int_kind;

typedef struct {
  thimble_pair_rows rows;
  binary_int_kind kind;
} binary_int_params;

typedef struct {
  thimble_pair_maps maps;
  binary_int_kind kind;
} binary_whole_int_params;

/* The base to the power of an exponent; a negative one gives 1 / base^-exponent, cut. */
static THIMBLE_NOINLINE uint64_t binary_int_power(int64_t base, int64_t exponent) {
  uint64_t square = (uint64_t)base, result = 1;
  if (exponent < 0) {
    if (base != 1 && base != -1) {
      return 0;
    }
    exponent &= 1;
  }
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) {
      result *= square;
    }
    square *= square;
  }
  return result;
}

/* The quotient towards zero (0) or down (1), or the remainder of either (2, 3); 0 for division by
 * 0. */
static THIMBLE_NOINLINE uint64_t binary_int_division(int64_t a, int64_t b, int32_t kind) {
  int64_t quotient, rest;
  int32_t down;
  if (b == 0) {
    return 0;
  }
  if (b == -1) {
    return kind < 2 ? 0 - (uint64_t)a : 0;
  }
  quotient = a / b;
  rest = a % b;
  down = rest != 0 && (rest < 0) != (b < 0);
  switch (kind) {
    case 0:
      return (uint64_t)quotient;
    case 1:
      return (uint64_t)(quotient - down);
    case 2:
      return (uint64_t)rest;
    default:
      return (uint64_t)(down ? rest + b : rest);
  }
}

static THIMBLE_NOINLINE uint64_t binary_int_of(const binary_int_kind *kind, int64_t a, int64_t b) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b;
  int32_t bits = 8 * (kind->type & 15);
  switch (kind->function) {
    case 0:
      return x + y;
    case 1:
      return x - y;
    case 2:
      return x * y;
    case 3:
      return a < b ? x : y;
    case 4:
      return a > b ? x : y;
    case 5:
      return (x - y) * (x - y);
    case 6:
      return binary_int_power(a, b);
    case 7:
      return x & y;
    case 8:
      return x | y;
    case 9:
      return x ^ y;
    case 10:
      return b >= bits ? 0 : x << (b < 0 ? 0 : b);
    case 11:
      return (uint64_t)(a >> (b < 0 ? 0 : b > 63 ? 63 : b));
    default: /* 12 to 15: divisions */
      return binary_int_division(a, b, kind->function - 12);
  }
}

static THIMBLE_NOINLINE void binary_int_run(const void *params, const void *a, const void *b,
                                            int32_t a_step, int32_t b_step, void *out,
                                            int32_t count) {
  const binary_int_kind *kind = (const binary_int_kind *)params;
  int32_t type = kind->type;
  int32_t bytes = type & 15;
  const uint8_t *first = (const uint8_t *)a;
  const uint8_t *second = (const uint8_t *)b;
  uint8_t *to = (uint8_t *)out;
  for (; count > 0; --count) {
    uint64_t result =
        binary_int_of(kind, thimble_integer(first, type, 0), thimble_integer(second, type, 0));
    thimble_put_integer(to, type, 0, (int64_t)result);
    first += a_step * bytes;
    second += b_step * bytes;
    to += bytes;
  }
}

static THIMBLE_NOINLINE void binary_int(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const binary_int_params *p = (const binary_int_params *)params;
  int32_t bytes = p->kind.type & 15;
  (void)scratch;
  thimble_pairs_by_rows(&p->rows, binary_int_run, &p->kind, rows, x0, x1, out, bytes, bytes);
}

static THIMBLE_NOINLINE void binary_whole_int(const void *params, const void *const *inputs,
                                              void *out, void *scratch) {
  const binary_whole_int_params *p = (const binary_whole_int_params *)params;
  int32_t bytes = p->kind.type & 15;
  (void)scratch;
  thimble_pairs_of_maps(&p->maps, binary_int_run, &p->kind, inputs, out, bytes, bytes);
}
