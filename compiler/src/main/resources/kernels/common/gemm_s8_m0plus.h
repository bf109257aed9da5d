/* Matrix products of int8 for ARMv6-M (Cortex-M0, M0+): two output channels by three pixels, or by
 * one. The core has eight registers for arithmetic, no signed load without an index register, and a
 * multiply that keeps 32 bits and overwrites a factor. So activations are widened to words once
 * for all channels, six sums lie in the upper registers, and a halfword of the filter is w1 * 256 +
 * w0 of two channels: one product adds to both channels at once, another one to the first alone,
 * and their difference is 256 times the second's sum. */
#ifndef THIMBLE_GEMM_S8_M0PLUS_H
#define THIMBLE_GEMM_S8_M0PLUS_H

#include <stdint.h>

#include "common/assembly.h"
#include "common/function.h"
#include "common/requantize_s8_m0plus.h"

/* What the block functions read; the assembly knows the offsets. */
typedef struct {
  const int32_t *x;       /*  0: the widened activations, [K][pixels] */
  const int32_t *filter;  /*  4: [pairs of channels][K / 2], advanced by the call */
  int32_t filter_bytes;   /*  8: of a pair of channels */
  const int32_t *requant; /* 12: [pairs] of six words: the first channel's bias, that plus 256 times
                             the second's, and of both channels multiplier and right shift - 1 */
  int32_t channels;       /* 16: those still to do, counted down by the call */
  int8_t *out;            /* 20: the first pixel's next channel, advanced by the call */
  int32_t stride;         /* 24: from one pixel to the next, in bytes */
  int32_t min;            /* 28: the bounds of the stored result */
  int32_t max;            /* 32 */
  int32_t rounding;       /* 36: 2 * output zero point + 1 */
  int32_t sums_bytes;     /* 40: four for each pixel that is stored */
  int32_t sums[6];        /* 44: of two channels and three pixels */
} gemm_s8_m0plus_block;

/* Saves the registers, and keeps the block's address and room for the filter's end on the stack. */
#define THIMBLE_M0PLUS_ENTER \
  ".syntax unified\n"        \
  "push {r4-r7, lr}\n"       \
  "mov  r4, r8\n"            \
  "mov  r5, r9\n"            \
  "mov  r6, r10\n"           \
  "mov  r7, r11\n"           \
  "push {r4-r7}\n"           \
  "push {r0, r1}\n"          \
  "mov  r7, r0\n"            \
  "1:\n" /* The next pair: r0 and r1 read activations and filter. */ \
  "ldr  r0, [r7, #0]\n"      \
  "ldr  r1, [r7, #4]\n"      \
  "ldr  r2, [r7, #8]\n"      \
  "adds r3, r1, r2\n"        \
  "str  r3, [sp, #4]\n"      \
  "str  r3, [r7, #4]\n"      \
  "ldr  r3, [r7, #12]\n"     \
  "ldmia r3!, {r4, r5}\n"    \
  "str  r3, [r7, #12]\n"

/* Requantises the sums of both channels, and goes on with the next pair. */
#define THIMBLE_M0PLUS_LEAVE   \
  "ldr  r7, [sp]\n"            \
  "ldr  r0, [r7, #24]\n"       \
  "mov  r11, r0\n"             \
  "ldr  r0, [r7, #28]\n"       \
  "mov  r9, r0\n"              \
  "ldr  r0, [r7, #32]\n"       \
  "mov  r10, r0\n"             \
  "movs r6, #44\n"             \
  "adds r6, r7, r6\n"          \
  "2:\n" /* The next channel, whose sums r6 reads. */ \
  "ldr  r0, [r7, #40]\n"       \
  "adds r0, r6, r0\n"          \
  "mov  r12, r0\n"             \
  "ldr  r0, [r7, #12]\n"       \
  "ldmia r0!, {r4, r5}\n"      \
  "str  r0, [r7, #12]\n"       \
  "ldr  r0, [r7, #36]\n"       \
  "lsls r0, r5\n"              \
  "mov  r8, r0\n"              \
  "adds r5, r5, #1\n"          \
  "uxth r3, r4\n"              \
  "lsrs r4, r4, #16\n"         \
  "mov  lr, r6\n"              \
  "ldr  r0, [r7, #20]\n"       \
  "adds r1, r0, #1\n"          \
  "str  r1, [r7, #20]\n"       \
  "mov  r7, r0\n"              \
  "3:\n"                       \
  "ldmia r6!, {r0}\n"          \
  THIMBLE_M0PLUS_HIGH_MULTIPLY \
  "add  r1, r8\n"              \
  "asrs r1, r5\n"              \
  THIMBLE_M0PLUS_CLAMP         \
  "strb r1, [r7]\n"            \
  "add  r7, r11\n"             \
  "cmp  r6, r12\n"             \
  "bne  3b\n"                  \
  "mov  r6, lr\n"              \
  "adds r6, r6, #12\n"         \
  "ldr  r7, [sp]\n"            \
  "ldr  r0, [r7, #16]\n"       \
  "subs r0, r0, #1\n"          \
  "str  r0, [r7, #16]\n"       \
  "beq  4f\n"                  \
  "subs r0, r6, r7\n"          \
  "cmp  r0, #56\n"             \
  "beq  2b\n"                  \
  "b    1b\n"

/* Ends a block function. */
#define THIMBLE_M0PLUS_RETURN \
  "4:\n"                      \
  "pop  {r0, r1}\n"           \
  "pop  {r4-r7}\n"            \
  "mov  r8, r4\n"             \
  "mov  r9, r5\n"             \
  "mov  r10, r6\n"            \
  "mov  r11, r7\n"            \
  "pop  {r4-r7, pc}\n"

/* A word of the filter, two steps along K, for three pixels. The sums of the first channel lie in
 * r8, r9, r10, those of both in r11, r12, lr. */
#define THIMBLE_M0PLUS_THREE   \
  "ldmia r1!, {r2}\n"          \
  "sxth r3, r2\n"              \
  "sxtb r4, r2\n"              \
  "ldmia r0!, {r5, r6}\n"      \
  "mov  r7, r5\n"              \
  "muls r7, r4, r7\n"          \
  "add  r8, r7\n"              \
  "muls r5, r3, r5\n"          \
  "add  r11, r5\n"             \
  "mov  r7, r6\n"              \
  "muls r7, r4, r7\n"          \
  "add  r9, r7\n"              \
  "muls r6, r3, r6\n"          \
  "add  r12, r6\n"             \
  "ldmia r0!, {r5}\n"          \
  "muls r4, r5, r4\n"          \
  "add  r10, r4\n"             \
  "muls r3, r5, r3\n"          \
  "add  lr, r3\n"              \
  "asrs r3, r2, #16\n"         \
  "sxtb r4, r3\n"              \
  "ldmia r0!, {r2, r5, r6}\n"  \
  "mov  r7, r2\n"              \
  "muls r7, r4, r7\n"          \
  "add  r8, r7\n"              \
  "muls r2, r3, r2\n"          \
  "add  r11, r2\n"             \
  "mov  r7, r5\n"              \
  "muls r7, r4, r7\n"          \
  "add  r9, r7\n"              \
  "muls r5, r3, r5\n"          \
  "add  r12, r5\n"             \
  "muls r4, r6, r4\n"          \
  "add  r10, r4\n"             \
  "muls r3, r6, r3\n"          \
  "add  lr, r3\n"

/* All output channels of up to three pixels. */
THIMBLE_ASSEMBLY static void gemm_s8_m0plus_three(
    gemm_s8_m0plus_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_M0PLUS_ENTER
                   "mov  r8, r4\n"
                   "mov  r9, r4\n"
                   "mov  r10, r4\n"
                   "mov  r11, r5\n"
                   "mov  r12, r5\n"
                   "mov  lr, r5\n"
                   "lsls r2, r2, #29\n"
                   "bmi  8f\n"
                   "7:\n" THIMBLE_M0PLUS_THREE "8:\n" THIMBLE_M0PLUS_THREE
                   "ldr  r7, [sp, #4]\n"
                   "cmp  r1, r7\n"
                   "bne  7b\n"
                   "ldr  r7, [sp]\n"
                   "adds r7, r7, #44\n"
                   "mov  r1, r8\n"
                   "mov  r2, r9\n"
                   "mov  r3, r10\n"
                   "stmia r7!, {r1, r2, r3}\n"
                   "mov  r4, r11\n"
                   "mov  r5, r12\n"
                   "mov  r6, lr\n"
                   "subs r4, r4, r1\n"
                   "subs r5, r5, r2\n"
                   "subs r6, r6, r3\n"
                   "asrs r4, r4, #8\n"
                   "asrs r5, r5, #8\n"
                   "asrs r6, r6, #8\n"
                   "stmia r7!, {r4, r5, r6}\n" THIMBLE_M0PLUS_LEAVE THIMBLE_M0PLUS_RETURN);
}

/* A word of the filter for a single pixel; the sums lie in r4 and r5. */
#define THIMBLE_M0PLUS_ONE    \
  "ldmia r1!, {r2}\n"         \
  "ldmia r0!, {r6, r7}\n"     \
  "sxth r3, r2\n"             \
  "muls r3, r6, r3\n"         \
  "adds r5, r5, r3\n"         \
  "sxtb r3, r2\n"             \
  "muls r3, r6, r3\n"         \
  "adds r4, r4, r3\n"         \
  "asrs r2, r2, #16\n"        \
  "sxtb r3, r2\n"             \
  "muls r3, r7, r3\n"         \
  "adds r4, r4, r3\n"         \
  "muls r2, r7, r2\n"         \
  "adds r5, r5, r2\n"

/* All output channels of one pixel. */
THIMBLE_ASSEMBLY static void gemm_s8_m0plus_one(
    gemm_s8_m0plus_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_M0PLUS_ENTER
                   "ldr  r3, [sp, #4]\n"
                   "mov  r8, r3\n"
                   "lsls r2, r2, #29\n"
                   "bmi  8f\n"
                   "7:\n" THIMBLE_M0PLUS_ONE "8:\n" THIMBLE_M0PLUS_ONE
                   "cmp  r1, r8\n"
                   "bne  7b\n"
                   "ldr  r7, [sp]\n"
                   "str  r4, [r7, #44]\n"
                   "subs r5, r5, r4\n"
                   "asrs r5, r5, #8\n"
                   "str  r5, [r7, #56]\n" THIMBLE_M0PLUS_LEAVE THIMBLE_M0PLUS_RETURN);
}

/* Widens `count` > 0 bytes of three pixels each into [count][3]. The pixels' addresses are those of
 * the byte after their last, and `minus` is -count. */
THIMBLE_ASSEMBLY static void gemm_s8_m0plus_widen(
    const int8_t *p0 THIMBLE_ASSEMBLY_READS, const int8_t *p1 THIMBLE_ASSEMBLY_READS,
    const int8_t *p2 THIMBLE_ASSEMBLY_READS, int32_t minus THIMBLE_ASSEMBLY_READS,
    int32_t *to THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4-r7, lr}\n"
      "ldr  r4, [sp, #20]\n"
      "lsls r5, r3, #31\n"
      "bne  2f\n"
      "1:\n"
      "ldrsb r5, [r0, r3]\n"
      "ldrsb r6, [r1, r3]\n"
      "ldrsb r7, [r2, r3]\n"
      "stmia r4!, {r5, r6, r7}\n"
      "adds r3, r3, #1\n"
      "2:\n"
      "ldrsb r5, [r0, r3]\n"
      "ldrsb r6, [r1, r3]\n"
      "ldrsb r7, [r2, r3]\n"
      "stmia r4!, {r5, r6, r7}\n"
      "adds r3, r3, #1\n"
      "bne  1b\n"
      "pop  {r4-r7, pc}\n");
}

#endif
