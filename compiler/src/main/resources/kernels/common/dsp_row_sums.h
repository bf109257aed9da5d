/* Sums of a row's pixels, channel by channel, on cores with the DSP extension. */
#ifndef THIMBLE_DSP_ROW_SUMS_H
#define THIMBLE_DSP_ROW_SUMS_H

#include <stdint.h>

#include "common/dsp_requantize.h"
#include "common/function.h"

/* Adds at most 255 pixels of four channels to their sums. Halfwords hold the pixels' sums. */
static THIMBLE_NAKED void dsp_row_sums_four(const int8_t *from __attribute__((unused)),
                                            int32_t channels __attribute__((unused)),
                                            int32_t width __attribute__((unused)),
                                            int32_t *sums __attribute__((unused))) {
  __asm__(
      "push {r4-r8, lr}\n"
      "movs r4, #0\n"
      "movs r5, #0\n"
      "1:\n"
      "ldr r6, [r0]\n"
      "add r0, r0, r1\n"
      "subs r2, r2, #1\n"
      "sxtab16 r4, r4, r6\n"
      "sxtab16 r5, r5, r6, ror #8\n"
      "bne 1b\n"
      "ldmia r3, {r6-r8, r12}\n"
      "sxtah r6, r6, r4\n"
      "sxtah r7, r7, r5\n"
      "sxtah r8, r8, r4, ror #16\n"
      "sxtah r12, r12, r5, ror #16\n"
      "stmia r3, {r6-r8, r12}\n"
      "pop {r4-r8, pc}\n");
}

/* Adds a row, [W][C], to sums, [C]. */
static THIMBLE_NOINLINE void dsp_row_sums(const int8_t *from, int32_t width, int32_t channels,
                                          int32_t *sums) {
  while (width > 0) {
    int32_t part = width < 255 ? width : 255;
    int32_t c = 0;
    for (; c < channels - 3; c += 4) {
      dsp_row_sums_four(from + c, channels, part, sums + c);
    }
    for (; c < channels; ++c) {
      int32_t sum = 0;
      for (int32_t x = 0; x < part; ++x) {
        sum += from[x * channels + c];
      }
      sums[c] += sum;
    }
    from += part * channels;
    width -= part;
  }
}

#endif
