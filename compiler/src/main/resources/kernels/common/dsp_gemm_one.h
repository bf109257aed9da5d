/* The products of one pixel: see dsp_gemm.h. Its elements are either a column of int16 pairs, or
 * the pixel itself, widened on the way. */
#ifndef THIMBLE_DSP_GEMM_ONE_H
#define THIMBLE_DSP_GEMM_ONE_H

#include "common/dsp_gemm.h"
#include "common/dsp_mend.h"
#include "common/dsp_requantize.h"
#include "common/function.h"

#define DSP_FLAGS "[sp, #20]"

/* The bytes of code of two steps of each kind, and how often the loop repeats them. */
enum { DSP_ONE_BYTES = 52, DSP_DIRECT_BYTES = 62, DSP_ONE_TIMES = 4 };

/* Two steps load r2 and r3, one step r2, a last element r2. */
#define DSP_COLUMN_TWO "ldmia r0!, {r2, r3}\n"
#define DSP_COLUMN_ONE "ldr r2, [r0], #4\n"
#define DSP_DIRECT_TWO \
  "ldr r3, [r0], #4\n" \
  "sxtb16 r2, r3\n" \
  "sxtb16 r3, r3, ror #8\n"
#define DSP_DIRECT_ONE \
  "ldrsb r2, [r0], #1\n" \
  "ldrsb r3, [r0], #1\n" \
  "pkhbt r2, r2, r3, lsl #16\n"
#define DSP_DIRECT_HALF "ldrsb r2, [r0], #1\n"

/* A single channel's last elements, where there is no column that ends with any number. */
#define DSP_DIRECT_TAIL \
  "ldr r7, " DSP_FLAGS "\n" \
  "tst r7, #5\n" \
  "beq 9f\n" \
  "ldr r4, [r1], #4\n" \
  "tst r7, #4\n" \
  "beq 4f\n" \
  "sxtb16 r5, r4\n" DSP_DIRECT_ONE \
  "smlad r8, r5, r2, r8\n" \
  "lsr r4, r4, #8\n" \
  "tst r7, #1\n" \
  "beq 9f\n" \
  "4:\n" DSP_DIRECT_HALF \
  "sxtb r4, r4\n" \
  "smlabb r8, r4, r2, r8\n" \
  "9:\n"

/* All channels of a pixel. A quad's sums are in r8 (256 * S1 + S0), r9 (S0), r10 and r11, and r12
 * is the end of the column. */
#define DSP_GEMM_ONE(two, one, half, single_tail, mend_at) \
  DSP_PROLOGUE("str r3, [r0, #20]\n") \
  "ldr r12, " DSP_END "\n" \
  "1:\n" \
  "ldmia r0!, {r8-r11}\n" \
  "str r0, " DSP_REQUANTIZE "\n" \
  "ldr r0, " DSP_COLUMN "\n" \
  "ldr pc, " DSP_ENTRY "\n" \
  "2:\n" \
  ".rept 4\n" two \
  "ldmia r1!, {r4-r7}\n" \
  "smlad r8, r4, r2, r8\n" \
  "sxtb16 r4, r4\n" \
  "smlad r9, r4, r2, r9\n" \
  "smlad r10, r5, r2, r10\n" \
  "sxtb16 r5, r5\n" \
  "smlad r11, r5, r2, r11\n" \
  "smlad r8, r6, r3, r8\n" \
  "sxtb16 r6, r6\n" \
  "smlad r9, r6, r3, r9\n" \
  "smlad r10, r7, r3, r10\n" \
  "sxtb16 r7, r7\n" \
  "smlad r11, r7, r3, r11\n" \
  ".endr\n" \
  "cmp r0, r12\n" \
  "bne.w 2b\n" \
  "ldr pc, " DSP_AFTER "\n" \
  "4:\n" \
  "ldr r6, " DSP_FLAGS "\n" \
  "tst r6, #4\n" \
  "beq 9f\n" one \
  "ldmia r1!, {r4, r5}\n" \
  "smlad r8, r4, r2, r8\n" \
  "sxtb16 r4, r4\n" \
  "smlad r9, r4, r2, r9\n" \
  "smlad r10, r5, r2, r10\n" \
  "sxtb16 r5, r5\n" \
  "smlad r11, r5, r2, r11\n" \
  "tst r6, #1\n" \
  "beq 4f\n" \
  "9:\n" half \
  "ldr r4, [r1], #4\n" \
  "smlabb r8, r4, r2, r8\n" \
  "smlatb r10, r4, r2, r10\n" \
  "sxtb16 r4, r4\n" \
  "smlabb r9, r4, r2, r9\n" \
  "smlatb r11, r4, r2, r11\n" \
  "4:\n" \
  "ldr pc, " DSP_FINISH "\n" \
  DSP_ONE_FINISH \
  "3:\n" \
  "ldr r12, " DSP_SINGLE_END "\n" \
  "1:\n" \
  "ldr r2, " DSP_SINGLES "\n" \
  "subs r2, r2, #1\n" \
  "bmi.w 3f\n" \
  "str r2, " DSP_SINGLES "\n" \
  "ldr r0, " DSP_REQUANTIZE "\n" \
  "ldr r8, [r0], #4\n" \
  "str r0, " DSP_REQUANTIZE "\n" \
  "ldr r0, " DSP_COLUMN "\n" \
  "2:\n" \
  "ldr r6, [r1], #4\n" two \
  "sxtb16 r5, r6\n" \
  "sxtb16 r6, r6, ror #8\n" \
  "smlad r8, r5, r2, r8\n" \
  "smlad r8, r6, r3, r8\n" \
  "cmp r0, r12\n" \
  "bne 2b\n" single_tail \
  DSP_ONE_FINISH_SINGLE \
  "3:\n" \
  DSP_EPILOGUE \
  DSP_ONE_MENDS(mend_at)

/* Labels 5 and 6: a quad's outputs. */
#define DSP_ONE_FINISH \
  "5:\n" \
  "ldr r0, " DSP_REQUANTIZE "\n" \
  "ldmia r0, {r0, r2-r5}\n" \
  "sub r8, r8, r9\n" \
  "sub r10, r10, r11\n" \
  "uxth r6, r0\n" \
  "lsr r7, r0, #16\n" \
  "add r9, r6, r9, lsl #8\n" \
  "add r11, r7, r11, lsl #8\n" \
  "smmul r9, r9, r2\n" \
  "smmul r8, r8, r3\n" \
  "smmul r11, r11, r4\n" \
  "smmul r10, r10, r5\n" \
  "ssat r9, #8, r9, asr #12\n" \
  "ssat r8, #8, r8, asr #12\n" \
  "ssat r11, #8, r11, asr #12\n" \
  "ssat r10, #8, r10, asr #12\n" \
  "9:\n" \
  "ldr r2, " DSP_OUT "\n" \
  "strb r9, [r2], #1\n" \
  "strb r8, [r2], #1\n" \
  "strb r11, [r2], #1\n" \
  "strb r10, [r2], #1\n" \
  "str r2, " DSP_OUT "\n" \
  DSP_NEXT_QUAD \
  "b 3f\n" \
  "6:\n" \
  "ldr r0, " DSP_REQUANTIZE "\n" \
  "ldr r2, [r0]\n" \
  "sub r8, r8, r9\n" \
  "sub r10, r10, r11\n" \
  DSP_EXACT_CHANNEL("4") DSP_EXACT_EVEN("r9") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("8") DSP_EXACT_ODD("r8") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("12") DSP_EXACT_EVEN("r11") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("16") DSP_EXACT_ODD("r10") \
  "b 9b\n" \
  DSP_ONE_FRACTIONS

/* Labels 7 and 8: a single channel's output. */
#define DSP_ONE_FINISH_SINGLE \
  "ldr r0, " DSP_REQUANTIZE "\n" \
  "ldr r2, [r0], #4\n" \
  "ldr r3, [r0], #4\n" \
  "str r0, " DSP_REQUANTIZE "\n" \
  "ldr pc, " DSP_FINISH_SINGLE "\n" \
  "7:\n" \
  "add r8, r2, r8, lsl #8\n" \
  "smmul r8, r8, r3\n" \
  "ssat r8, #8, r8, asr #12\n" \
  "9:\n" \
  "ldr r2, " DSP_OUT "\n" \
  "strb r8, [r2], #1\n" \
  "str r2, " DSP_OUT "\n" \
  "b 1b\n" \
  "8:\n" \
  "ldr r4, " DSP_BASE "\n" \
  "lsl r4, r4, r2\n" \
  DSP_EXACT_EVEN("r8") \
  "b 9b\n" \
  DSP_ONE_FRACTION_SINGLE

/* From a column. */
static THIMBLE_NAKED void dsp_gemm_one(dsp_gemm *job __attribute__((unused)),
                                       int32_t prepare __attribute__((unused))) {
  __asm__(DSP_GEMM_ONE(DSP_COLUMN_TWO, DSP_COLUMN_ONE, DSP_COLUMN_ONE, "", DSP_COLUMN_AT));
}

/* From int8 elements, which may lie anywhere; where single channels follow, at least four. */
static THIMBLE_NAKED void dsp_gemm_direct(dsp_gemm *job __attribute__((unused)),
                                       int32_t prepare __attribute__((unused))) {
  __asm__(DSP_GEMM_ONE(DSP_DIRECT_TWO, DSP_DIRECT_ONE, DSP_DIRECT_HALF, DSP_DIRECT_TAIL,
                       DSP_DIRECT_AT));
}

#endif
