/* A border of one value around [D0][D1][D2][D3], int8, with M-profile vector instructions. */
#include <stdint.h>

#include "common/copy_s8_helium.h"
#include "common/function.h"

typedef struct {
  int8_t value;
  int32_t extent0; /* of the input */
  int32_t extent1;
  int32_t extent2;
  int32_t extent3;
  int32_t before0; /* the entries added on each axis */
  int32_t before1;
  int32_t before2;
  int32_t before3;
  int32_t after0;
  int32_t after1;
  int32_t after2;
  int32_t after3;
} pad_s8_helium_params;

/* Copies `count` runs of `run` bytes, each with its border, and returns the end of the copy. */
static THIMBLE_INLINE int8_t *pad_s8_helium_runs(int8_t *to, const int8_t *from, int32_t count,
                                                 int32_t run, int32_t before, int32_t after,
                                                 int8_t value) {
  for (; count > 0; --count) {
    to = thimble_fill(to, value, before);
    to = thimble_copy(to, from, run);
    to = thimble_fill(to, value, after);
    from += run;
  }
  return to;
}

static THIMBLE_NOINLINE void pad_s8_helium(const void *params, const void *const *inputs, void *out,
                                           void *scratch) {
  const pad_s8_helium_params *p = (const pad_s8_helium_params *)params;
  const int8_t *from = (const int8_t *)inputs[0];
  int8_t *to = (int8_t *)out;
  int32_t row = p->before3 + p->extent3 + p->after3;
  int32_t plane = (p->before2 + p->extent2 + p->after2) * row;
  int32_t cube = (p->before1 + p->extent1 + p->after1) * plane;
  /* Where the last axis has no border, its runs adjoin each other along the axis before. */
  int32_t whole = row == p->extent3;
  int32_t count = whole ? 1 : p->extent2;
  int32_t run = whole ? p->extent2 * row : p->extent3;
  (void)scratch;
  to = thimble_fill(to, p->value, p->before0 * cube);
  for (int32_t i0 = 0; i0 < p->extent0; ++i0) {
    to = thimble_fill(to, p->value, p->before1 * plane);
    for (int32_t i1 = 0; i1 < p->extent1; ++i1) {
      to = thimble_fill(to, p->value, p->before2 * row);
      to = pad_s8_helium_runs(to, from, count, run, p->before3, p->after3, p->value);
      from += count * run;
      to = thimble_fill(to, p->value, p->after2 * row);
    }
    to = thimble_fill(to, p->value, p->after1 * plane);
  }
  (void)thimble_fill(to, p->value, p->after0 * cube);
}
