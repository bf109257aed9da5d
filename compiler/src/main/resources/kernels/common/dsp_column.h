/* Columns of int16 elements for the products of dsp_gemm.h, from runs of int8 elements.
 *
 * Of each run, four elements at a time become two steps, (x0, x2) and (x1, x3), as one SXTB16 each
 * makes them; what is left of all runs follows, in steps of two elements. Each step is a word of
 * each pixel, the first pixel's before the second's. */
#ifndef THIMBLE_DSP_COLUMN_H
#define THIMBLE_DSP_COLUMN_H

#include <stdint.h>

#include "common/dsp_requantize.h"
#include "common/function.h"

/* Writes `count` bytes from `from`, or all the same where `step` is 0 and from[0...3] are: by words,
 * as the C library's function may not. */
static THIMBLE_INLINE int8_t *dsp_copy(int8_t *to, const int8_t *from, int32_t step,
                                       int32_t count) {
  for (; count >= 4; count -= 4) {
    int32_t word;
    __builtin_memcpy(&word, from, sizeof word);
    __builtin_memcpy(to, &word, sizeof word);
    from += 4 * step;
    to += 4;
  }
  for (; count > 0; --count) {
    *to++ = *from;
    from += step;
  }
  return to;
}

/* Where the next elements go. */
typedef struct {
  int32_t *steps;
  int16_t *rest;
  int32_t rest_count;
} dsp_column;

/* Appends `fours` times four elements of two pixels; returns the end. */
static THIMBLE_NAKED int32_t *dsp_widen_pair(const int8_t *first __attribute__((unused)),
                                             const int8_t *second __attribute__((unused)),
                                             int32_t *to __attribute__((unused)),
                                             int32_t fours __attribute__((unused))) {
  __asm__(
      "cbz r3, 2f\n"
      "push {r4-r6, lr}\n"
      "1:\n"
      "ldr r12, [r0], #4\n"
      "ldr lr, [r1], #4\n"
      "sxtb16 r4, r12\n"
      "sxtb16 r5, lr\n"
      "sxtb16 r6, r12, ror #8\n"
      "sxtb16 r12, lr, ror #8\n"
      "stmia r2!, {r4-r6, r12}\n"
      "subs r3, r3, #1\n"
      "bne 1b\n"
      "pop {r4-r6, lr}\n"
      "2:\n"
      "mov r0, r2\n"
      "bx lr\n");
}

/* As dsp_widen_pair, of one pixel. */
static THIMBLE_NAKED int32_t *dsp_widen(const int8_t *from __attribute__((unused)),
                                        int32_t *to __attribute__((unused)),
                                        int32_t fours __attribute__((unused))) {
  __asm__(
      "cbz r2, 2f\n"
      "push {r4, lr}\n"
      "1:\n"
      "ldr r3, [r0], #4\n"
      "sxtb16 r4, r3\n"
      "sxtb16 r12, r3, ror #8\n"
      "stmia r1!, {r4, r12}\n"
      "subs r2, r2, #1\n"
      "bne 1b\n"
      "pop {r4, lr}\n"
      "2:\n"
      "mov r0, r1\n"
      "bx lr\n");
}

/* Appends a run of one pixel, or of two. */
static THIMBLE_INLINE void dsp_column_run(dsp_column *column, const int8_t *first,
                                          const int8_t *second, int32_t length, int32_t pixels) {
  int32_t fours = length >> 2;
  if (pixels == 2) {
    column->steps = dsp_widen_pair(first, second, column->steps, fours);
    for (int32_t i = fours * 4; i < length; ++i) {
      column->rest[0] = first[i];
      column->rest[2] = second[i];
      column->rest += (column->rest_count++ & 1) ? 3 : 1;
    }
  } else {
    column->steps = dsp_widen(first, column->steps, fours);
    for (int32_t i = fours * 4; i < length; ++i) {
      *column->rest++ = first[i];
    }
  }
}

#endif
