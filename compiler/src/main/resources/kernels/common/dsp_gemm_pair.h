/* The products of pairs of pixels: see dsp_gemm.h. The windows of two pixels become columns, as
 * dsp_column.h has them, before the products with all channels of a group. */
#ifndef THIMBLE_DSP_GEMM_PAIR_H
#define THIMBLE_DSP_GEMM_PAIR_H

#include "common/dsp_gemm.h"
#include "common/dsp_mend.h"
#include "common/dsp_requantize.h"
#include "common/function.h"

/* What the assembly works on; it reads the fields by their order. A window is one run of elements in
 * each row. */
typedef struct {
  dsp_gemm gemm;
  int32_t *rest;           /* where in the columns what is left of all runs begins */
  int32_t row_step;        /* bytes from the pointer to a row to that to the window's next row */
  int32_t pixel_step;      /* bytes from a pixel's run to the next pixel's */
  int32_t fours;           /* of a run */
  int32_t left;            /* elements of a run behind the last four */
  const int8_t *outside;   /* a run of zero points, for rows outside of the map */
  const void *const *rows; /* the window's first, */
  const void *const *end;  /* and the end of its rows; the same where there are columns already */
  int8_t *edge;            /* null, or where a part of a row becomes one beyond the map's edge */
  int8_t *edge_at;         /* the place therein of what lies in the map */
  int32_t edge_bytes;      /* of it */
  int32_t offset;          /* of a row's first element that is read */
  int32_t offset_step;     /* from a pair to the next; as are these: */
  int32_t out_step;        /* of the outputs that are not of this group */
  int32_t pairs;           /* how many are computed; 0 after that */
  const int32_t *requantize;
  int32_t singles;
} dsp_pairs;

/* The fields' addresses, behind those of dsp_gemm, in the frame that is made of them. */
#define DSP_OUT_SECOND "[sp, #20]"
#define DSP_PAIR_FILTER "[sp, #8]"
#define DSP_PAIR_REST "[sp, #56]"
#define DSP_PAIR_ROW_STEP "[sp, #60]"
#define DSP_PAIR_STEP "[sp, #64]"
#define DSP_PAIR_FOURS "[sp, #68]"
#define DSP_PAIR_LEFT "[sp, #72]"
#define DSP_PAIR_OUTSIDE "[sp, #76]"
#define DSP_PAIR_ROWS "[sp, #80]"
#define DSP_PAIR_ROWS_END "[sp, #84]"
#define DSP_PAIR_EDGE "[sp, #88]"
#define DSP_PAIR_EDGE_AT "[sp, #92]"
#define DSP_PAIR_EDGE_BYTES "[sp, #96]"
#define DSP_PAIR_OFFSET "[sp, #100]"
#define DSP_PAIR_OFFSET_STEP "[sp, #104]"
#define DSP_PAIR_OUT_STEP "[sp, #108]"
#define DSP_PAIR_PAIRS "[sp, #112]"
#define DSP_PAIR_REQUANTIZE "[sp, #116]"
#define DSP_PAIR_SINGLES "[sp, #120]"
#define DSP_PAIR_JOB "[sp, #124]"

/* Saves the registers and makes the frame. */
#define DSP_PAIR_PROLOGUE \
  "push {r0, r4-r11, lr}\n" \
  "sub sp, sp, #124\n" \
  "ldmia r0!, {r1-r12}\n" \
  "stmia sp, {r1-r12}\n" \
  "add lr, sp, #48\n" \
  "ldmia r0!, {r1-r12}\n" \
  "stmia lr!, {r1-r12}\n" \
  "ldmia r0, {r1-r7}\n" \
  "stmia lr, {r1-r7}\n"

/* Four elements of both pixels, which r6 and r7 point to, become two steps at r2. */
#define DSP_PAIR_WIDEN \
  "ldr r12, [r6], #4\n" \
  "ldr lr, [r7], #4\n" \
  "sxtb16 r3, r12\n" \
  "sxtb16 r4, lr\n" \
  "sxtb16 r5, r12, ror #8\n" \
  "sxtb16 r12, lr, ror #8\n" \
  "stmia r2!, {r3-r5, r12}\n"

/* The columns of a pair, with labels 11 to 19. */
#define DSP_PAIR_COLUMNS \
  "ldr r0, " DSP_PAIR_ROWS "\n" \
  "ldr r3, " DSP_PAIR_ROWS_END "\n" \
  "ldr r1, " DSP_PAIR_OFFSET "\n" \
  "ldr r2, " DSP_COLUMN "\n" \
  "ldr r10, " DSP_PAIR_STEP "\n" \
  "ldr r11, " DSP_PAIR_REST "\n" \
  "mov r9, #2\n" \
  "cmp r0, r3\n" \
  "beq 19f\n" \
  "11:\n" \
  "ldr r6, [r0]\n" \
  "ldr r3, " DSP_PAIR_EDGE "\n" \
  "ldr r8, " DSP_PAIR_FOURS "\n" \
  "cmp r6, #0\n" \
  "beq.w 16f\n" \
  "add r6, r6, r1\n" \
  "cmp r3, #0\n" \
  "bne.w 17f\n" \
  "12:\n" \
  "add r7, r6, r10\n" \
  "13:\n" \
  "lsrs r8, r8, #1\n" \
  "bcs 15f\n" \
  "beq 18f\n" \
  "sub r8, r8, #1\n" \
  "14:\n" DSP_PAIR_WIDEN \
  "15:\n" DSP_PAIR_WIDEN \
  "subs r8, r8, #1\n" \
  "bpl 14b\n" \
  "18:\n" \
  "ldr r8, " DSP_PAIR_LEFT "\n" \
  "ldr r5, " DSP_PAIR_ROW_STEP "\n" \
  "ldr r12, " DSP_PAIR_ROWS_END "\n" \
  "cmp r8, #0\n" \
  "beq 15f\n" \
  "14:\n" \
  "ldrsb r3, [r6], #1\n" \
  "ldrsb r4, [r7], #1\n" \
  "strh r3, [r11]\n" \
  "strh r4, [r11, #4]\n" \
  "add r11, r11, r9\n" \
  "eor r9, r9, #4\n" \
  "subs r8, r8, #1\n" \
  "bne 14b\n" \
  "15:\n" \
  "add r0, r0, r5\n" \
  "cmp r0, r12\n" \
  "bne 11b\n" \
  "19:\n"

/* What a column needs of rows beyond the map. */
#define DSP_PAIR_BEYOND \
  "16:\n" /* A row outside of the map. */ \
  "ldr r6, " DSP_PAIR_OUTSIDE "\n" \
  "mov r7, r6\n" \
  "b.w 13b\n" \
  "17:\n" /* A part of a row beyond the map's edge. */ \
  "ldr r4, " DSP_PAIR_EDGE_AT "\n" \
  "ldr r5, " DSP_PAIR_EDGE_BYTES "\n" \
  "b 15f\n" \
  "14:\n" \
  "ldr r12, [r6], #4\n" \
  "str r12, [r4], #4\n" \
  "15:\n" \
  "subs r5, r5, #4\n" \
  "bhs 14b\n" \
  "adds r5, r5, #4\n" \
  "beq 15f\n" \
  "14:\n" \
  "ldrb r12, [r6], #1\n" \
  "strb r12, [r4], #1\n" \
  "subs r5, r5, #1\n" \
  "bne 14b\n" \
  "15:\n" \
  "mov r6, r3\n" \
  "b.w 12b\n"

/* Prepares the job; see dsp_gemm.h. */
#define DSP_PAIR_PREPARE \
  "cbz r1, 1f\n" \
  "ldrd r2, r3, [r0, #32]\n" \
  "adr.w r1, 2f\n" \
  "add r2, r2, r1\n" \
  "adr.w r1, 5f\n" \
  "adr.w r12, 7f\n" \
  "tst r3, #2\n" \
  "itt ne\n" \
  "adrne.w r1, 6f\n" \
  "adrne.w r12, 8f\n" \
  DSP_PROLOGUE_FRACTIONS DSP_MEND_PREPARE \
  "add r1, r1, #1\n" \
  "add r12, r12, #1\n" \
  "strd r1, r12, [r0, #48]\n" \
  "adr.w r12, 4f\n" \
  "tst r3, #5\n" \
  "it ne\n" \
  "addne r1, r12, #1\n" \
  "strd r2, r1, [r0, #32]\n" \
  "bx lr\n" \
  "1:\n"

/* A step of two elements of both pixels: 44 bytes of code. */
#define DSP_PAIR_PRODUCTS \
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

/* The next pair of pixels, unless the flags say that there is none. */
#define DSP_PAIR_NEXT \
  "ldr r2, " DSP_OUT "\n" \
  "ldr r3, " DSP_OUT_SECOND "\n" \
  "ldr r4, " DSP_PAIR_OUT_STEP "\n" \
  "ldr r5, " DSP_PAIR_OFFSET "\n" \
  "ldr r6, " DSP_PAIR_OFFSET_STEP "\n" \
  "ldr r7, " DSP_PAIR_PAIRS "\n" \
  "add r2, r2, r4\n" \
  "add r3, r3, r4\n" \
  "add r5, r5, r6\n" \
  "str r2, " DSP_OUT "\n" \
  "str r3, " DSP_OUT_SECOND "\n" \
  "str r5, " DSP_PAIR_OFFSET "\n" \
  "subs r7, r7, #1\n" \
  "str r7, " DSP_PAIR_PAIRS "\n"

/* Returns to the caller, whose job's pointers have advanced to the next group. */
#define DSP_PAIR_EPILOGUE \
  "ldr r0, " DSP_PAIR_JOB "\n" \
  "ldr r4, " DSP_REQUANTIZE "\n" \
  "str r1, [r0, #8]\n" \
  "strd r2, r3, [r0, #16]\n" \
  "str r5, [r0, #100]\n" \
  "str r4, [r0, #116]\n" \
  "add sp, sp, #128\n" \
  "pop {r4-r11, pc}\n"

enum { DSP_PAIR_STEP_BYTES = 44, DSP_PAIR_STEPS = 16 };

/* All channels of a group of pairs of pixels. The first pixel's sums are in r6 (256 * S1 + S0), r8
 * (S0), r10 and r12, the second's in r7, r9, r11 and lr. */
static THIMBLE_NAKED void dsp_gemm_pairs(dsp_pairs *job __attribute__((unused)),
                                         int32_t prepare __attribute__((unused))) {
  __asm__(
      DSP_PAIR_PREPARE
      DSP_PAIR_PROLOGUE
      "10:\n"
      DSP_PAIR_COLUMNS
      "ldr r1, " DSP_PAIR_FILTER "\n"
      "ldr r0, " DSP_PAIR_REQUANTIZE "\n"
      "ldr r2, " DSP_PAIR_SINGLES "\n"
      "ldr r3, " DSP_QUADS_END "\n"
      "str r0, " DSP_REQUANTIZE "\n"
      "str r2, " DSP_SINGLES "\n"
      "cmp r1, r3\n"
      "beq.w 3f\n"
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
      ".rept 16\n" DSP_PAIR_PRODUCTS
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
      "sub r6, r6, r8\n"
      "sub r7, r7, r9\n"
      "sub r10, r10, r12\n"
      "sub r11, r11, lr\n"
      "ldmia r0!, {r2-r5}\n"
      "smmul r6, r6, r4\n"
      "smmul r7, r7, r4\n"
      "uxth r4, r2\n"
      "lsr r2, r2, #16\n"
      "add r8, r4, r8, lsl #8\n"
      "add r9, r4, r9, lsl #8\n"
      "add r12, r2, r12, lsl #8\n"
      "add lr, r2, lr, lsl #8\n"
      "ldr r2, [r0], #4\n"
      "smmul r8, r8, r3\n"
      "smmul r9, r9, r3\n"
      "smmul r12, r12, r5\n"
      "smmul lr, lr, r5\n"
      "smmul r10, r10, r2\n"
      "smmul r11, r11, r2\n"
      "ssat r6, #8, r6, asr #12\n"
      "ssat r7, #8, r7, asr #12\n"
      "ssat r8, #8, r8, asr #12\n"
      "ssat r9, #8, r9, asr #12\n"
      "ssat r10, #8, r10, asr #12\n"
      "ssat r11, #8, r11, asr #12\n"
      "ssat r12, #8, r12, asr #12\n"
      "ssat lr, #8, lr, asr #12\n"
      "9:\n"
      "ldr r2, " DSP_OUT "\n"
      "ldr r3, " DSP_OUT_SECOND "\n"
      "ldr r4, " DSP_QUADS_END "\n"
      "strb r8, [r2], #1\n"
      "strb r6, [r2], #1\n"
      "strb r12, [r2], #1\n"
      "strb r10, [r2], #1\n"
      "strb r9, [r3], #1\n"
      "strb r7, [r3], #1\n"
      "strb lr, [r3], #1\n"
      "strb r11, [r3], #1\n"
      "str r2, " DSP_OUT "\n"
      "str r3, " DSP_OUT_SECOND "\n"
      "cmp r1, r4\n"
      "bne.w 1b\n"
      "str r0, " DSP_REQUANTIZE "\n"
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
      "add r0, r0, #20\n"
      "b 9b\n"
      DSP_PAIR_FRACTIONS
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
      DSP_PAIR_FRACTION_SINGLE
      "3:\n"
      DSP_PAIR_NEXT
      "bne.w 10b\n"
      DSP_PAIR_EPILOGUE
      DSP_PAIR_MENDS
      DSP_PAIR_BEYOND);
}

#endif
