/* Matrix products of int8 for ARMv6-M (Cortex-M0, M0+): two output channels by three pixels, or by
 * one. The core has eight registers for arithmetic, no signed load without an index register, and a
 * multiply that keeps 32 bits and overwrites a factor. So activations are widened to words once
 * for all channels, six sums lie in the upper registers, and a halfword of the filter is w1 * 256 +
 * w0 of two channels: one product adds to both channels at once, another one to the first alone,
 * and their difference is 256 times the second's sum. Where w1 is -128 and w0 negative the halfword
 * stands for 65536 more than it should; such elements are listed, and 65536 times their activations
 * taken off. */
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
  const int32_t *requant; /* 12: [pairs] of six or eight words: what the first channel's sum starts
                             from, that plus 256 times the second's, and of both channels
                             multiplier, range and offset, and the dip where there are any; where
                             pairs are mended, after the first two a negative word, or 8 * k of each
                             listed element, plus 1 where another follows */
  int32_t channels;       /* 16: those still to do, counted down by the call */
  int8_t *out;            /* 20: the first pixel's next channel, advanced by the call */
  int32_t start;          /* 24: (min + 1) << 24, or 23 with dips, less what `zero` is */
  int32_t range_shift;    /* 28 */
  int32_t differing;      /* 32: max ^ min */
  int32_t max;            /* 36 */
  int32_t second;         /* 40: the bytes from the first pixel to the second, or 0 */
  int32_t third;          /* 44: and from there to the third */
  int32_t zero;           /* 48: what is added after dips */
  int32_t offset_shift;   /* 52 */
#ifdef THIMBLE_M0PLUS_MEND
  int32_t mended;         /* 56: whether pairs are mended */
#endif
} gemm_s8_m0plus_block;

/* Saves the registers, and keeps on the stack: the block's address, the filter's end, the bounds,
 * the pixels' distances, and what is added after dips. */
#define THIMBLE_M0PLUS_ENTER                                         \
  ".syntax unified\n"                                                \
  "push {r4-r7, lr}\n"                                               \
  "mov  r4, r8\n"                                                    \
  "mov  r5, r9\n"                                                    \
  "mov  r6, r10\n"                                                   \
  "mov  r7, r11\n"                                                   \
  "push {r4-r7}\n"                                                   \
  "mov  r7, r0\n"                                                    \
  "adds r0, r0, #32\n"                                               \
  "ldmia r0!, {r2, r3, r4, r5, r6}\n"                                \
  "push {r2, r3, r4, r5, r6}\n"                                      \
  "push {r7}\n"                                                      \
  "sub  sp, #4\n"                                                    \
  "1:\n" /* The next pair: r0 and r1 read activations and filter. */ \
  "ldmia r7!, {r0, r1, r2, r3}\n"                                    \
  "subs r7, r7, #12\n"                                               \
  "adds r4, r1, r2\n"                                                \
  "str  r4, [sp]\n"                                                  \
  "stmia r7!, {r4}\n"                                                \
  "ldmia r3!, {r4, r5}\n"                                            \
  "str  r3, [r7, #4]\n"

/* Fetches the next channel's constants: the multiplier's parts in r3 and r4, the range in r5, what
 * is added to the products in r6, and the first pixel's address in r7. `dip` fetches more. */
#define THIMBLE_M0PLUS_CHANNEL(dip) \
  "ldr  r2, [sp, #4]\n"             \
  "ldr  r0, [r2, #12]\n"            \
  "ldmia r0!, {r4, r5}\n"           \
  "str  r0, [r2, #12]\n"            \
  "ldr  r6, [r2, #24]\n"            \
  "ldr  r0, [r2, #28]\n"            \
  "ldr  r7, [r2, #20]\n"            \
  "adds r1, r7, #1\n"               \
  "str  r1, [r2, #20]\n"            \
  "ldr  r2, [r2, #52]\n"            \
  THIMBLE_M0PLUS_CONSTANTS("r3", "r4", "r6", "r5", "r0", "r2", "r1") dip

/* A pixel's output: the sum in r0 becomes the element at r7. */
#define THIMBLE_M0PLUS_OUTPUT(dip, beyond, stored)         \
  "cmp  r0, r5\n"                                          \
  "bhi  " beyond "f\n"                                     \
  THIMBLE_M0PLUS_LINEAR("r0", "r3", "r4", "r6", "r1", dip) \
  stored ":\n"                                             \
  "strb r0, [r7]\n"

#define THIMBLE_M0PLUS_SECOND \
  "ldr  r1, [sp, #16]\n"      \
  "adds r7, r7, r1\n"

#define THIMBLE_M0PLUS_THIRD \
  "ldr  r1, [sp, #20]\n"     \
  "adds r7, r7, r1\n"

/* Negative sums are lowered by the channel's dip. */
#define THIMBLE_M0PLUS_FETCH_DIP \
  "ldr  r0, [sp, #4]\n"          \
  "ldr  r1, [r0, #12]\n"         \
  "ldmia r1!, {r2}\n"            \
  "str  r1, [r0, #12]\n"
#define THIMBLE_M0PLUS_DIP \
  "asrs r1, r0, #31\n"     \
  "ands r1, r1, r2\n"      \
  "subs r0, r0, r1\n"      \
  "ldr  r1, [sp, #24]\n"   \
  "adds r0, r0, r1\n"      \
  "asrs r0, r0, #23\n"

/* Beyond the range: the sign tells the bound. */
#define THIMBLE_M0PLUS_BEYOND(beyond, stored) \
  beyond ":\n"                                \
  "asrs r0, r0, #31\n"                        \
  "ldr  r1, [sp, #8]\n"                       \
  "ands r0, r0, r1\n"                         \
  "ldr  r1, [sp, #12]\n"                      \
  "eors r0, r0, r1\n"                         \
  "b    " stored "b\n"

/* Separates the second channel's sum from that of both. */
#define THIMBLE_M0PLUS_OTHER(both, first) \
  "mov  r0, " both "\n"                   \
  "mov  r1, " first "\n"                  \
  "subs r0, r0, r1\n"                     \
  "asrs r0, r0, #8\n"

/* Mends the sums of both channels of three pixels, or of one. */
#ifdef THIMBLE_M0PLUS_MEND
#define THIMBLE_M0PLUS_MEND_WITH(products) \
  "ldr  r2, [sp, #4]\n"                    \
  "ldr  r3, [r2, #56]\n"                   \
  "cmp  r3, #0\n"                          \
  "beq  33f\n"                             \
  "ldr  r0, [r2, #12]\n"                   \
  "31:\n"                                  \
  "ldmia r0!, {r3}\n"                      \
  "cmp  r3, #0\n"                          \
  "bmi  32f\n"                             \
  "lsrs r4, r3, #1\n"                      \
  "ldr  r5, [r2]\n" products               \
  "lsrs r3, r3, #1\n"                      \
  "bcs  31b\n"                             \
  "32:\n"                                  \
  "str  r0, [r2, #12]\n"                   \
  "33:\n"
#define THIMBLE_M0PLUS_MEND_THREE \
  THIMBLE_M0PLUS_MEND_WITH(       \
      "adds r5, r5, r4\n"         \
      "lsls r4, r4, #1\n"         \
      "adds r5, r5, r4\n"         \
      "ldmia r5!, {r4, r6, r7}\n" \
      "lsls r4, r4, #16\n"        \
      "rsbs r4, r4, #0\n"         \
      "add  r11, r4\n"            \
      "lsls r6, r6, #16\n"        \
      "rsbs r6, r6, #0\n"         \
      "add  r12, r6\n"            \
      "lsls r7, r7, #16\n"        \
      "rsbs r7, r7, #0\n"         \
      "add  lr, r7\n")
#define THIMBLE_M0PLUS_MEND_ONE \
  THIMBLE_M0PLUS_MEND_WITH(     \
      "ldr  r4, [r5, r4]\n"     \
      "lsls r4, r4, #16\n"      \
      "rsbs r4, r4, #0\n"       \
      "add  r11, r4\n")
#else
#define THIMBLE_M0PLUS_MEND_THREE
#define THIMBLE_M0PLUS_MEND_ONE
#endif

/* Counts a channel down; the flags tell whether it was the last. */
#define THIMBLE_M0PLUS_COUNT \
  "ldr  r7, [sp, #4]\n"      \
  "ldr  r0, [r7, #16]\n"     \
  "subs r0, r0, #1\n"        \
  "str  r0, [r7, #16]\n"

/* Ends a block function. */
#define THIMBLE_M0PLUS_RETURN \
  "add  sp, #28\n"            \
  "pop  {r4-r7}\n"            \
  "mov  r8, r4\n"             \
  "mov  r9, r5\n"             \
  "mov  r10, r6\n"            \
  "mov  r11, r7\n"            \
  "pop  {r4-r7, pc}\n"

/* A word of the filter, two steps along K, for three pixels. The sums of the first channel lie in
 * r8, r9, r10, those of both in r11, r12, lr. */
#define THIMBLE_M0PLUS_THREE  \
  "ldmia r1!, {r2}\n"         \
  "sxth r3, r2\n"             \
  "sxtb r4, r2\n"             \
  "ldmia r0!, {r5, r6}\n"     \
  "mov  r7, r5\n"             \
  "muls r7, r4, r7\n"         \
  "add  r8, r7\n"             \
  "muls r5, r3, r5\n"         \
  "add  r11, r5\n"            \
  "mov  r7, r6\n"             \
  "muls r7, r4, r7\n"         \
  "add  r9, r7\n"             \
  "muls r6, r3, r6\n"         \
  "add  r12, r6\n"            \
  "ldmia r0!, {r5}\n"         \
  "muls r4, r5, r4\n"         \
  "add  r10, r4\n"            \
  "muls r3, r5, r3\n"         \
  "add  lr, r3\n"             \
  "asrs r3, r2, #16\n"        \
  "sxtb r4, r3\n"             \
  "ldmia r0!, {r2, r5, r6}\n" \
  "mov  r7, r2\n"             \
  "muls r7, r4, r7\n"         \
  "add  r8, r7\n"             \
  "muls r2, r3, r2\n"         \
  "add  r11, r2\n"            \
  "mov  r7, r5\n"             \
  "muls r7, r4, r7\n"         \
  "add  r9, r7\n"             \
  "muls r5, r3, r5\n"         \
  "add  r12, r5\n"            \
  "muls r4, r6, r4\n"         \
  "add  r10, r4\n"            \
  "muls r3, r6, r3\n"         \
  "add  lr, r3\n"

/* All output channels of three pixels, the last of which may be the same. */
#define THIMBLE_M0PLUS_OF_THREE(fetch, dip)                                \
  THIMBLE_M0PLUS_ENTER                                                     \
  "mov  r8, r4\n"                                                          \
  "mov  r9, r4\n"                                                          \
  "mov  r10, r4\n"                                                         \
  "mov  r11, r5\n"                                                         \
  "mov  r12, r5\n"                                                         \
  "mov  lr, r5\n"                                                          \
  "lsls r2, r2, #29\n"                                                     \
  "bmi  8f\n"                                                              \
  "7:\n" THIMBLE_M0PLUS_THREE "8:\n" THIMBLE_M0PLUS_THREE                  \
  "ldr  r7, [sp]\n"                                                        \
  "cmp  r1, r7\n"                                                          \
  "bne  7b\n"                                                              \
  THIMBLE_M0PLUS_MEND_THREE                                                \
  THIMBLE_M0PLUS_CHANNEL(fetch)                                            \
  "mov  r0, r8\n" THIMBLE_M0PLUS_OUTPUT(dip, "11", "21")                   \
  THIMBLE_M0PLUS_SECOND                                                    \
  "mov  r0, r9\n" THIMBLE_M0PLUS_OUTPUT(dip, "12", "22")                   \
  THIMBLE_M0PLUS_THIRD                                                     \
  "mov  r0, r10\n" THIMBLE_M0PLUS_OUTPUT(dip, "13", "23")                  \
  THIMBLE_M0PLUS_COUNT                                                     \
  "bne  9f\n"                                                              \
  "4:\n" THIMBLE_M0PLUS_RETURN                                             \
  THIMBLE_M0PLUS_BEYOND("11", "21") THIMBLE_M0PLUS_BEYOND("12", "22")      \
  THIMBLE_M0PLUS_BEYOND("13", "23")                                        \
  "9:\n"                                                                   \
  THIMBLE_M0PLUS_CHANNEL(fetch)                                            \
  THIMBLE_M0PLUS_OTHER("r11", "r8") THIMBLE_M0PLUS_OUTPUT(dip, "14", "24") \
  THIMBLE_M0PLUS_SECOND                                                    \
  THIMBLE_M0PLUS_OTHER("r12", "r9") THIMBLE_M0PLUS_OUTPUT(dip, "15", "25") \
  THIMBLE_M0PLUS_THIRD                                                     \
  THIMBLE_M0PLUS_OTHER("lr", "r10") THIMBLE_M0PLUS_OUTPUT(dip, "16", "26") \
  THIMBLE_M0PLUS_COUNT                                                     \
  "beq  4b\n"                                                              \
  "b    1b\n"                                                              \
  THIMBLE_M0PLUS_BEYOND("14", "24")                                        \
  THIMBLE_M0PLUS_BEYOND("15", "25") THIMBLE_M0PLUS_BEYOND("16", "26")

THIMBLE_ASSEMBLY static void gemm_s8_m0plus_three(
    gemm_s8_m0plus_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_M0PLUS_OF_THREE("", THIMBLE_M0PLUS_PLAIN("r0")));
}

THIMBLE_ASSEMBLY static void gemm_s8_m0plus_three_dips(
    gemm_s8_m0plus_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_M0PLUS_OF_THREE(THIMBLE_M0PLUS_FETCH_DIP, THIMBLE_M0PLUS_DIP));
}

/* A word of the filter for a single pixel; the sums lie in r4 and r5. */
#define THIMBLE_M0PLUS_ONE \
  "ldmia r1!, {r2}\n"      \
  "ldmia r0!, {r6, r7}\n"  \
  "sxth r3, r2\n"          \
  "muls r3, r6, r3\n"      \
  "adds r5, r5, r3\n"      \
  "sxtb r3, r2\n"          \
  "muls r3, r6, r3\n"      \
  "adds r4, r4, r3\n"      \
  "asrs r2, r2, #16\n"     \
  "sxtb r3, r2\n"          \
  "muls r3, r7, r3\n"      \
  "adds r4, r4, r3\n"      \
  "muls r2, r7, r2\n"      \
  "adds r5, r5, r2\n"

/* All output channels of one pixel. */
#define THIMBLE_M0PLUS_OF_ONE(fetch, dip)                                  \
  THIMBLE_M0PLUS_ENTER                                                     \
  "ldr  r3, [sp]\n"                                                        \
  "mov  r8, r3\n"                                                          \
  "lsls r2, r2, #29\n"                                                     \
  "bmi  8f\n"                                                              \
  "7:\n" THIMBLE_M0PLUS_ONE "8:\n" THIMBLE_M0PLUS_ONE                      \
  "cmp  r1, r8\n"                                                          \
  "bne  7b\n"                                                              \
  "mov  r9, r4\n"                                                          \
  "mov  r11, r5\n"                                                         \
  THIMBLE_M0PLUS_MEND_ONE                                                  \
  THIMBLE_M0PLUS_CHANNEL(fetch)                                            \
  "mov  r0, r9\n" THIMBLE_M0PLUS_OUTPUT(dip, "11", "21")                   \
  THIMBLE_M0PLUS_COUNT                                                     \
  "bne  9f\n"                                                              \
  "4:\n" THIMBLE_M0PLUS_RETURN                                             \
  THIMBLE_M0PLUS_BEYOND("11", "21")                                        \
  "9:\n"                                                                   \
  THIMBLE_M0PLUS_CHANNEL(fetch)                                            \
  THIMBLE_M0PLUS_OTHER("r11", "r9") THIMBLE_M0PLUS_OUTPUT(dip, "12", "22") \
  THIMBLE_M0PLUS_COUNT                                                     \
  "beq  4b\n"                                                              \
  "b    1b\n"                                                              \
  THIMBLE_M0PLUS_BEYOND("12", "22")

THIMBLE_ASSEMBLY static void gemm_s8_m0plus_one(
    gemm_s8_m0plus_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_M0PLUS_OF_ONE("", THIMBLE_M0PLUS_PLAIN("r0")));
}

THIMBLE_ASSEMBLY static void gemm_s8_m0plus_one_dips(
    gemm_s8_m0plus_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_M0PLUS_OF_ONE(THIMBLE_M0PLUS_FETCH_DIP, THIMBLE_M0PLUS_DIP));
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
