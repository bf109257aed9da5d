/* Depthwise convolution of int16 elements on cores with the DSP extension: the sums of four channels
 * at one output pixel. */
#ifndef THIMBLE_DSP_HALFWORD_TAPS_H
#define THIMBLE_DSP_HALFWORD_TAPS_H

#include <stdint.h>

#include "common/dsp_requantize.h"

/* What dsp_halfword_taps works on, by order. Four channels' filter is a word for each tap, 0 2 1 3 by
 * channel. */
typedef struct {
  const int16_t *const *taps; /* for each tap its element, less the offset */
  const int16_t *const *end;  /* of those */
  int32_t offset;             /* of the first of four channels, in bytes */
  const int32_t *filter;      /* advances */
  const int32_t *start;       /* what the sums begin with */
  int32_t sums[4];
} dsp_halfword_depthwise;

/* Two channels' products of a tap, whose elements are at the address. */
#define DSP_HALFWORD_TAP(at, weights, a, b) \
  "ldr r12, " at "\n" \
  "sxtb16 lr, " weights "\n" \
  "smlabb " a ", r12, lr, " a "\n" \
  "smlatt " b ", r12, lr, " b "\n"

static THIMBLE_NAKED void dsp_halfword_taps(dsp_halfword_depthwise *job __attribute__((unused))) {
  __asm__(
      "push {r0, r4-r11, lr}\n"
      "ldmia r0, {r0-r4}\n"
      "ldmia r4, {r4-r7}\n"
      "sub r1, r1, #4\n"
      "cmp r0, r1\n"
      "bhs 2f\n"
      "1:\n"
      "ldrd r8, r9, [r0], #8\n"
      "ldmia r3!, {r10, r11}\n"
      "add r8, r8, r2\n"
      "add r9, r9, r2\n"
      DSP_HALFWORD_TAP("[r8]", "r10", "r4", "r5")
      DSP_HALFWORD_TAP("[r8, #4]", "r10, ror #8", "r6", "r7")
      DSP_HALFWORD_TAP("[r9]", "r11", "r4", "r5")
      DSP_HALFWORD_TAP("[r9, #4]", "r11, ror #8", "r6", "r7")
      "cmp r0, r1\n"
      "blo 1b\n"
      "2:\n"
      "bhi 3f\n"
      "ldr r8, [r0]\n"
      "ldr r10, [r3], #4\n"
      "add r8, r8, r2\n"
      DSP_HALFWORD_TAP("[r8]", "r10", "r4", "r5")
      DSP_HALFWORD_TAP("[r8, #4]", "r10, ror #8", "r6", "r7")
      "3:\n"
      "pop {r0}\n"
      "str r3, [r0, #12]\n"
      "add r0, r0, #20\n"
      "stmia r0, {r4-r7}\n"
      "pop {r4-r11, pc}\n");
}

#endif
