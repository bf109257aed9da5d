/* The products of two pixels: see dsp_gemm.h. */
#ifndef THIMBLE_DSP_GEMM_PAIR_H
#define THIMBLE_DSP_GEMM_PAIR_H

#include "common/dsp_gemm.h"
#include "common/dsp_requantize.h"
#include "common/function.h"

/* A step of two elements of both pixels: 44 bytes of code. */
#define DSP_PAIR_STEP \
  "ldmia r0!, {r2, r3}\n" \
  "ldmia r1!, {r4, r5}\n" \
  "smlad r6, r4, r2, r6\n" \
  "smlad r7, r4, r3, r7\n" \
  "sxtb16 r4, r4\n" \
  "smlad r8, r4, r2, r8\n" \
  "smlad r9, r4, r3, r9\n" \
  "smlad r10, r5, r2, r10\n" \
  "smlad r11, r5, r3, r11\n" \
  "sxtb16 r5, r5\n" \
  "smlad r12, r5, r2, r12\n" \
  "smlad lr, r5, r3, lr\n"

enum { DSP_PAIR_STEP_BYTES = 44, DSP_PAIR_STEPS = 8 };

/* All channels of two pixels. The first pixel's sums are in r6 (256 * S1 + S0), r8 (S0), r10 and
 * r12, the second's in r7, r9, r11 and lr. */
static THIMBLE_NAKED void dsp_gemm_pair(dsp_gemm *job __attribute__((unused)),
                                       int32_t prepare __attribute__((unused))) {
  __asm__(
      DSP_PROLOGUE("")
      "1:\n"
      "ldmia r0!, {r6, r8, r10, r12}\n"
      "str r0, " DSP_REQUANTIZE "\n"
      "ldr r0, " DSP_COLUMN "\n"
      "ldmia r0!, {r2, r3}\n"
      "ldmia r1!, {r4, r5}\n"
      "smlad r7, r4, r3, r6\n"
      "smlad r6, r4, r2, r6\n"
      "sxtb16 r4, r4\n"
      "smlad r9, r4, r3, r8\n"
      "smlad r8, r4, r2, r8\n"
      "smlad r11, r5, r3, r10\n"
      "smlad r10, r5, r2, r10\n"
      "sxtb16 r5, r5\n"
      "smlad lr, r5, r3, r12\n"
      "smlad r12, r5, r2, r12\n"
      "ldr pc, " DSP_ENTRY "\n"
      "2:\n"
      ".rept 8\n" DSP_PAIR_STEP
      ".endr\n"
      "ldr r2, " DSP_END "\n"
      "cmp r0, r2\n"
      "bne.w 2b\n"
      "ldr pc, " DSP_AFTER "\n"
      "4:\n"
      "ldmia r0!, {r2, r3}\n"
      "ldr r4, [r1], #4\n"
      "smlabb r6, r4, r2, r6\n"
      "smlabb r7, r4, r3, r7\n"
      "smlatb r10, r4, r2, r10\n"
      "smlatb r11, r4, r3, r11\n"
      "sxtb16 r4, r4\n"
      "smlabb r8, r4, r2, r8\n"
      "smlabb r9, r4, r3, r9\n"
      "smlatb r12, r4, r2, r12\n"
      "smlatb lr, r4, r3, lr\n"
      "ldr pc, " DSP_FINISH "\n"
      "5:\n" /* Fast. */
      "ldr r0, " DSP_REQUANTIZE "\n"
      "ldmia r0, {r0, r2-r5}\n"
      "sub r6, r6, r8\n"
      "sub r7, r7, r9\n"
      "sub r10, r10, r12\n"
      "sub r11, r11, lr\n"
      "smmul r6, r6, r3\n"
      "smmul r7, r7, r3\n"
      "smmul r10, r10, r5\n"
      "smmul r11, r11, r5\n"
      "uxth r3, r0\n"
      "lsr r5, r0, #16\n"
      "add r8, r3, r8, lsl #8\n"
      "add r9, r3, r9, lsl #8\n"
      "add r12, r5, r12, lsl #8\n"
      "add lr, r5, lr, lsl #8\n"
      "smmul r8, r8, r2\n"
      "smmul r9, r9, r2\n"
      "smmul r12, r12, r4\n"
      "smmul lr, lr, r4\n"
      "ssat r6, #8, r6, asr #12\n"
      "ssat r7, #8, r7, asr #12\n"
      "ssat r8, #8, r8, asr #12\n"
      "ssat r9, #8, r9, asr #12\n"
      "ssat r10, #8, r10, asr #12\n"
      "ssat r11, #8, r11, asr #12\n"
      "ssat r12, #8, r12, asr #12\n"
      "ssat lr, #8, lr, asr #12\n"
      "9:\n"
      "ldrd r2, r3, " DSP_OUT "\n"
      "strb r8, [r2], #1\n"
      "strb r6, [r2], #1\n"
      "strb r12, [r2], #1\n"
      "strb r10, [r2], #1\n"
      "strb r9, [r3], #1\n"
      "strb r7, [r3], #1\n"
      "strb lr, [r3], #1\n"
      "strb r11, [r3], #1\n"
      "strd r2, r3, " DSP_OUT "\n"
      DSP_NEXT_QUAD
      "b 3f\n"
      "6:\n" /* Exact. */
      "ldr r0, " DSP_REQUANTIZE "\n"
      "ldr r2, [r0]\n"
      "sub r6, r6, r8\n"
      "sub r7, r7, r9\n"
      "sub r10, r10, r12\n"
      "sub r11, r11, lr\n"
      DSP_EXACT_CHANNEL("4") DSP_EXACT_EVEN("r8") DSP_EXACT_EVEN("r9")
      "ror r2, r2, #8\n"
      DSP_EXACT_CHANNEL("8") DSP_EXACT_ODD("r6") DSP_EXACT_ODD("r7")
      "ror r2, r2, #8\n"
      DSP_EXACT_CHANNEL("12") DSP_EXACT_EVEN("r12") DSP_EXACT_EVEN("lr")
      "ror r2, r2, #8\n"
      DSP_EXACT_CHANNEL("16") DSP_EXACT_ODD("r10") DSP_EXACT_ODD("r11")
      "b 9b\n"
      "3:\n" /* Single channels; their sums are in r6 and r7. */
      "ldr r12, " DSP_SINGLE_END "\n"
      "1:\n"
      "ldr r2, " DSP_SINGLES "\n"
      "subs r2, r2, #1\n"
      "bmi 3f\n"
      "str r2, " DSP_SINGLES "\n"
      "ldr r0, " DSP_REQUANTIZE "\n"
      "ldr r6, [r0], #4\n"
      "str r0, " DSP_REQUANTIZE "\n"
      "mov r7, r6\n"
      "ldr r0, " DSP_COLUMN "\n"
      "2:\n"
      "ldr r8, [r1], #4\n"
      "ldmia r0!, {r2-r5}\n"
      "sxtb16 r9, r8\n"
      "sxtb16 r8, r8, ror #8\n"
      "smlad r6, r9, r2, r6\n"
      "smlad r7, r9, r3, r7\n"
      "smlad r6, r8, r4, r6\n"
      "smlad r7, r8, r5, r7\n"
      "cmp r0, r12\n"
      "bne 2b\n"
      "ldr r0, " DSP_REQUANTIZE "\n"
      "ldr r2, [r0], #4\n"
      "ldr r3, [r0], #4\n"
      "str r0, " DSP_REQUANTIZE "\n"
      "ldr pc, " DSP_FINISH_SINGLE "\n"
      "7:\n" /* Fast. */
      "add r6, r2, r6, lsl #8\n"
      "add r7, r2, r7, lsl #8\n"
      "smmul r6, r6, r3\n"
      "smmul r7, r7, r3\n"
      "ssat r6, #8, r6, asr #12\n"
      "ssat r7, #8, r7, asr #12\n"
      "9:\n"
      "ldrd r2, r3, " DSP_OUT "\n"
      "strb r6, [r2], #1\n"
      "strb r7, [r3], #1\n"
      "strd r2, r3, " DSP_OUT "\n"
      "b 1b\n"
      "8:\n" /* Exact. */
      "ldr r4, " DSP_BASE "\n"
      "lsl r4, r4, r2\n"
      DSP_EXACT_EVEN("r6") DSP_EXACT_EVEN("r7")
      "b 9b\n"
      "3:\n"
      DSP_EPILOGUE);
}

#endif
