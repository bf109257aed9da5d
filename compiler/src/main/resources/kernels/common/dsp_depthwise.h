/* Depthwise convolution by any windows on cores with the DSP extension: the sums of four channels
 * at one output pixel. */
#ifndef THIMBLE_DSP_DEPTHWISE_H
#define THIMBLE_DSP_DEPTHWISE_H

#include <stdint.h>

#include "common/dsp_requantize.h"
#include "common/function.h"

/* What dsp_depthwise_four works on, by order. Four channels' filter is two words for each two taps,
 * with bytes 0 1 0 1 and 2 3 2 3 by channel, and a word for an odd last one, 0 1 2 3. A weight is
 * multiplied by 256 where it becomes a halfword, and so are the sums. */
typedef struct {
  const int8_t *const *taps;     /* for each tap its element, less the offset */
  const int8_t *const *taps_end; /* of those that come in pairs */
  int32_t offset;                /* of the first of four channels */
  const int32_t *filter;         /* advances */
  int32_t sums[4];               /* their start, then the sums */
  int32_t odd;                   /* whether a tap follows those that come in pairs */
} dsp_depthwise;

static THIMBLE_NAKED void dsp_depthwise_four(dsp_depthwise *job __attribute__((unused))) {
  __asm__(
      "push {r0, r4-r11, lr}\n"
      "ldmia r0, {r0-r7}\n"
      "cmp r0, r1\n"
      "beq 2f\n"
      "1:\n"
      "ldrd r8, r9, [r0], #8\n"
      "ldrd r11, r12, [r3], #8\n"
      "ldr r8, [r8, r2]\n"
      "ldr r9, [r9, r2]\n"
      "lsl r10, r11, #8\n"
      "and r10, r10, #0xff00ff00\n"
      "and r11, r11, #0xff00ff00\n"
      "pkhbt lr, r8, r9, lsl #16\n"
      "pkhtb r8, r9, r8, asr #16\n"
      "sxtb16 r9, lr\n"
      "sxtb16 lr, lr, ror #8\n"
      "smlad r4, r9, r10, r4\n"
      "smlad r5, lr, r11, r5\n"
      "sxtb16 r9, r8\n"
      "sxtb16 lr, r8, ror #8\n"
      "lsl r10, r12, #8\n"
      "and r10, r10, #0xff00ff00\n"
      "and r12, r12, #0xff00ff00\n"
      "smlad r6, r9, r10, r6\n"
      "smlad r7, lr, r12, r7\n"
      "cmp r0, r1\n"
      "bne 1b\n"
      "2:\n"
      "ldr r9, [sp]\n"
      "ldr r9, [r9, #32]\n"
      "cmp r9, #0\n"
      "beq 3f\n"
      "ldr r8, [r0]\n"
      "ldr r11, [r3], #4\n"
      "ldr r8, [r8, r2]\n"
      "lsl r10, r11, #8\n"
      "and r10, r10, #0xff00ff00\n"
      "and r11, r11, #0xff00ff00\n"
      "sxtb16 r9, r8\n"
      "sxtb16 lr, r8, ror #8\n"
      "smlabb r4, r9, r10, r4\n"
      "smlabb r5, lr, r11, r5\n"
      "smlatt r6, r9, r10, r6\n"
      "smlatt r7, lr, r11, r7\n"
      "3:\n"
      "pop {r0}\n"
      "add r0, r0, #12\n"
      "stmia r0, {r3-r7}\n"
      "pop {r4-r11, pc}\n");
}

#endif
