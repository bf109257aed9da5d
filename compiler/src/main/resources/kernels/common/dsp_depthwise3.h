/* Depthwise convolution by 3 x 3 windows on cores with the DSP extension, four channels at a time.
 *
 * A word of a map's row holds four channels of a pixel. Words of two rows, or of two columns, become
 * four words of two int16 elements, one for each channel, by two packing instructions and four
 * SXTB16. Columns are taken by two. Of each pair of columns and each channel there are three words:
 * the first column's elements of rows 0 and 1, the second column's, and both columns' of row 2;
 * those of four channels make a block of twelve words. SMLAD multiplies them by pairs of weights
 * that stay in registers over a whole row, and two outputs are begun while two others are finished.
 *
 * A channel's filter is nine bytes, by row and column: 00 01 10 11 02 20 12 21 22. A weight is
 * multiplied by 256 where it becomes a halfword, and so are the sums. A channel's requantisation is
 * a multiplier and a sum's start: sum * multiplier / 2^44, saturated, is the output. The compiler has
 * proved that this is the reference's for each possible sum; where it could not, sums are stored. */
#ifndef THIMBLE_DSP_DEPTHWISE3_H
#define THIMBLE_DSP_DEPTHWISE3_H

#include <stdint.h>

#include "common/dsp_requantize.h"
#include "common/function.h"

/* The words of a block. */
#define DSP_BLOCK 12

/* What no pair of int8 elements is: it stands behind the last block. */
#define DSP_BLOCKS_END INT32_MIN

/* What dsp_depthwise3_pack works on; it reads the fields by their order. */
typedef struct {
  const int8_t *rows[3]; /* the first pair's first column */
  int32_t channels;      /* from one column to the next */
  int32_t *blocks;       /* where blocks go */
  int32_t *end;          /* of the blocks, without the one that `right` adds */
  int32_t right;         /* whether a pair follows whose second column lies outside of the map */
  int32_t left;          /* whether the first pair's first column lies outside of the map */
  int32_t outside;       /* four elements that lie outside */
} dsp_depthwise3_columns;

/* What dsp_depthwise3_1 and its like work on, by order. */
typedef struct {
  const int32_t *blocks;     /* of the first channel */
  int8_t *out;               /* of the first channel */
  const int8_t *filter;      /* [count][9] */
  const int32_t *requantize; /* [count][2] */
  int32_t channels;          /* from one output column to the next */
  int32_t count;             /* the channels that are computed */
  int32_t odd;               /* whether the outputs are odd in number */
} dsp_depthwise3_channels;

/* Blocks of four channels of pairs of columns. */
static THIMBLE_NAKED void dsp_depthwise3_pack(const dsp_depthwise3_columns *columns
                                              __attribute__((unused))) {
  __asm__(
      "push {r4-r11, lr}\n"
      "sub sp, sp, #12\n"
      "ldmia r0, {r0-r8}\n"
      "stmia sp, {r5, r6, r8}\n"
      "cmp r7, #0\n"
      "beq 4f\n"
      "mov r5, r8\n"
      "mov r11, r8\n"
      "mov r7, r8\n"
      "b 2f\n"
      "1:\n"
      "ldr r5, [r0]\n"
      "ldr r11, [r1]\n"
      "ldr r7, [r2]\n"
      "2:\n"
      "ldr r6, [r0, r3]\n"
      "ldr r12, [r1, r3]\n"
      "ldr lr, [r2, r3]\n"
      "add r0, r0, r3, lsl #1\n"
      "add r1, r1, r3, lsl #1\n"
      "add r2, r2, r3, lsl #1\n"
      "3:\n"
      "pkhbt r8, r5, r11, lsl #16\n"
      "pkhtb r11, r11, r5, asr #16\n"
      "pkhbt r9, r6, r12, lsl #16\n"
      "pkhtb r12, r12, r6, asr #16\n"
      "pkhbt r10, r7, lr, lsl #16\n"
      "pkhtb lr, lr, r7, asr #16\n"
      "sxtb16 r5, r8\n"
      "sxtb16 r6, r9\n"
      "sxtb16 r7, r10\n"
      "sxtb16 r8, r8, ror #8\n"
      "sxtb16 r9, r9, ror #8\n"
      "sxtb16 r10, r10, ror #8\n"
      "stmia r4!, {r5-r10}\n"
      "sxtb16 r5, r11\n"
      "sxtb16 r6, r12\n"
      "sxtb16 r7, lr\n"
      "sxtb16 r8, r11, ror #8\n"
      "sxtb16 r9, r12, ror #8\n"
      "sxtb16 r10, lr, ror #8\n"
      "stmia r4!, {r5-r10}\n"
      "4:\n"
      "ldr r5, [sp]\n"
      "cmp r4, r5\n"
      "bne 1b\n"
      "ldrd r6, r12, [sp, #4]\n"
      "cbz r6, 5f\n"
      "add r5, r5, #48\n"
      "movs r6, #0\n"
      "strd r5, r6, [sp]\n"
      "ldr r5, [r0]\n"
      "ldr r11, [r1]\n"
      "ldr r7, [r2]\n"
      "mov r6, r12\n"
      "mov lr, r12\n"
      "b 3b\n"
      "5:\n"
      "add sp, sp, #12\n"
      "pop {r4-r11, pc}\n");
}

/* Saves the registers and makes the frame. */
#define DSP_DEPTHWISE3_PROLOGUE \
  "push {r4-r11, lr}\n" \
  "sub sp, sp, #28\n" \
  "ldmia r0, {r1-r7}\n" \
  "stmia sp, {r1-r7}\n"

/* The next channel: its blocks in r0, its outputs in r1, the weights of both upper rows in r2 to r4,
 * those of the lower row in r5 and r6, the multiplier in r7, the start in r8; the first block. */
#define DSP_DEPTHWISE3_CHANNEL \
  "1:\n" \
  "ldmia sp, {r0, r1, r11, r12}\n" \
  "ldr r3, [r11], #4\n" \
  "ldr r5, [r11], #4\n" \
  "ldrb r6, [r11], #1\n" \
  "ldrd r7, r8, [r12], #8\n" \
  "add r9, r0, #12\n" \
  "add r10, r1, #1\n" \
  "stmia sp, {r9-r12}\n" \
  "mov r9, #0xff00ff00\n" \
  "and r2, r9, r3, lsl #8\n" \
  "and r4, r9, r5, lsl #8\n" \
  "and r3, r3, r9\n" \
  "and r5, r5, r9\n" \
  "lsl r6, r6, #24\n" \
  "pkhtb r6, r6, r5, asr #16\n" \
  "ldmia r0, {r9-r11}\n"

/* Begins an output of the block's first column. */
#define DSP_DEPTHWISE3_BEGIN \
  "smlad r12, r9, r2, r8\n" \
  "smlad r12, r10, r3, r12\n" \
  "smlad r12, r11, r5, r12\n"

/* Begins an output of its second column. */
#define DSP_DEPTHWISE3_BEGIN_SECOND \
  "smlad lr, r10, r2, r8\n" \
  "smlatb lr, r11, r5, lr\n"

/* Finishes the output that the block before began. */
#define DSP_DEPTHWISE3_END \
  "smlad r12, r9, r4, r12\n" \
  "smlabt r12, r11, r6, r12\n"

/* Finishes the output that the block before began with its second column. */
#define DSP_DEPTHWISE3_END_SECOND \
  "smlad lr, r9, r3, lr\n" \
  "smlad lr, r10, r4, lr\n" \
  "smlad lr, r11, r6, lr\n"

/* The next block, or the end. */
#define DSP_DEPTHWISE3_NEXT \
  "add r0, r0, #48\n" \
  "ldmia r0, {r9-r11}\n" \
  "cmp r9, #0x80000000\n" \
  "bne 2b\n"

/* The next channel, or the return. */
#define DSP_DEPTHWISE3_EPILOGUE \
  "ldr r10, [sp, #20]\n" \
  "subs r10, r10, #1\n" \
  "str r10, [sp, #20]\n" \
  "bne 1b\n" \
  "add sp, sp, #28\n" \
  "pop {r4-r11, pc}\n"

#define DSP_DEPTHWISE3_OUTPUT(acc) \
  "smmul " acc ", " acc ", r7\n" \
  "ssat " acc ", #8, " acc ", asr #12\n"

/* Where a sum is stored, in place of the block before. */
#define DSP_DEPTHWISE3_SUM(acc, at) \
  "asr " acc ", " acc ", #8\n" \
  "str " acc ", [r0, #" at "]\n"

/* Outputs of stride 1. The block of an odd last output stands behind the end. */
#define DSP_DEPTHWISE3_STRIDE_1(first, store_first, second, store_second) \
  DSP_DEPTHWISE3_PROLOGUE \
  DSP_DEPTHWISE3_CHANNEL \
  DSP_DEPTHWISE3_BEGIN \
  DSP_DEPTHWISE3_BEGIN_SECOND \
  "b 3f\n" \
  "2:\n" \
  DSP_DEPTHWISE3_END first store_first \
  DSP_DEPTHWISE3_END_SECOND second \
  DSP_DEPTHWISE3_BEGIN \
  "ldr r9, [sp, #16]\n" store_second \
  "add r1, r1, r9, lsl #1\n" \
  DSP_DEPTHWISE3_BEGIN_SECOND \
  "3:\n" \
  DSP_DEPTHWISE3_NEXT \
  "ldr r10, [sp, #24]\n" \
  "cmp r10, #0\n" \
  "beq 4f\n" \
  "ldr r9, [r0, #48]\n" \
  DSP_DEPTHWISE3_END first store_first \
  "4:\n" \
  DSP_DEPTHWISE3_EPILOGUE

#define DSP_DEPTHWISE3_STRIDE_2(finish, store) \
  DSP_DEPTHWISE3_PROLOGUE \
  DSP_DEPTHWISE3_CHANNEL \
  "ldr lr, [sp, #16]\n" \
  DSP_DEPTHWISE3_BEGIN \
  "b 3f\n" \
  "2:\n" \
  DSP_DEPTHWISE3_END finish store \
  "add r1, r1, lr\n" \
  DSP_DEPTHWISE3_BEGIN \
  "3:\n" \
  DSP_DEPTHWISE3_NEXT \
  DSP_DEPTHWISE3_EPILOGUE

static THIMBLE_NAKED void dsp_depthwise3_1(const dsp_depthwise3_channels *channels
                                           __attribute__((unused))) {
  __asm__(DSP_DEPTHWISE3_STRIDE_1(DSP_DEPTHWISE3_OUTPUT("r12"), "strb r12, [r1]\n",
                                  DSP_DEPTHWISE3_OUTPUT("lr"), "strb lr, [r1, r9]\n"));
}

static THIMBLE_NAKED void dsp_depthwise3_2(const dsp_depthwise3_channels *channels
                                           __attribute__((unused))) {
  __asm__(DSP_DEPTHWISE3_STRIDE_2(DSP_DEPTHWISE3_OUTPUT("r12"), "strb r12, [r1]\n"));
}

/* As dsp_depthwise3_1, but stores sums: of output i in word i % 2 of its channel in block i / 2. */
static THIMBLE_NAKED void dsp_depthwise3_1_sums(const dsp_depthwise3_channels *channels
                                                __attribute__((unused))) {
  __asm__(DSP_DEPTHWISE3_STRIDE_1(DSP_DEPTHWISE3_SUM("r12", "-48"), "",
                                  DSP_DEPTHWISE3_SUM("lr", "-44"), ""));
}

/* As dsp_depthwise3_2, but stores sums: of output i in the first word of its channel in block i. */
static THIMBLE_NAKED void dsp_depthwise3_2_sums(const dsp_depthwise3_channels *channels
                                                __attribute__((unused))) {
  __asm__(DSP_DEPTHWISE3_STRIDE_2(DSP_DEPTHWISE3_SUM("r12", "-48"), ""));
}

#endif
