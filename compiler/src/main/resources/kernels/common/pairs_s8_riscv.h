/* Matrix products of int8 for RISC-V without vectors, two by one multiplication: a word holds the
 * elements x0 + 65536 * x1 of two pixels, and its product with a filter's element both products.
 *
 * Sums of such products start from 32768 and are taken apart after so few taps that neither half
 * can overflow, which the filter decides: then the upper half is exact, and so is the lower one of
 * all taps together, once the sum of the upper halves is subtracted. */
#ifndef THIMBLE_PAIRS_S8_RISCV_H
#define THIMBLE_PAIRS_S8_RISCV_H

#include <stdint.h>

#include "common/assembly.h"
#include "common/riscv.h"
#include "common/riscv_outputs.h"

/* What the assembly reads; each field is as wide as an address. A step is four units of two taps,
 * of which the first step may lack some. */
typedef struct {
  intptr_t words;            /*  0: of two pairs of pixels, tap by tap, less 16 * `lacking` */
  intptr_t end;              /*  1: of the words */
  const int8_t *filter;      /*  2: for each two channels the steps, see THIMBLE_RISCV_UNIT */
  const int16_t *groups;    /*  3: how often the sums of two channels are taken apart */
  const int32_t *bias;       /*  4: [O], rounded up to an even number */
  const int32_t *multiplier; /*  5: [O], or [1] with a step of 0 */
  const int8_t *shift;       /*  6: likewise */
  intptr_t multiplier_step;  /*  7: the bytes to the next channel's */
  intptr_t shift_step;       /*  8 */
  int8_t *out;               /*  9: the first pixel */
  intptr_t out1;             /* 10: from the first pixel to the others in the output */
  intptr_t out2;             /* 11 */
  intptr_t out3;             /* 12 */
  intptr_t min;              /* 13: of the output */
  intptr_t max;              /* 14 */
  intptr_t rounding;         /* 15: 64 * (2 * output zero point + 1) */
  intptr_t clamped;          /* 16: 1 where negative sums give `min` */
  intptr_t lacking;          /* 17: units of the first step, 0 to 3 */
  intptr_t channels;         /* 18: O, counted down by the call as the tables are advanced */
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction;   /* 19: [O], or [2] with a step of 0; advanced */
  intptr_t fraction_step;    /* 20 */
#endif
} pairs_s8_riscv_block;

/* A tap of two pairs and two channels. The sums s0 to s3 go on from `f0` to `f3`. */
#define THIMBLE_RISCV_PAIR_TAP(f0, f1, f2, f3, words, filter)   \
  "lw   a4, " words "(a0)\n"                                    \
  "lw   a5, 4+" words "(a0)\n"                                  \
  "lb   a6, " filter "(a1)\n"                                   \
  "mul  a7, a4, a6\n"                                           \
  "add  s0, " f0 ", a7\n"                                       \
  "mul  a7, a5, a6\n"                                           \
  "add  s1, " f1 ", a7\n"                                       \
  "lb   a6, 1+" filter "(a1)\n"                                 \
  "mul  a4, a4, a6\n"                                           \
  "add  s2, " f2 ", a4\n"                                       \
  "mul  a5, a5, a6\n"                                           \
  "add  s3, " f3 ", a5\n"

/* The unit of this number in a step: [2 taps][2 channels]. Before the units of a step stands a byte
 * whose bit 7 - n is set where the sums are taken apart after unit n. */
#define THIMBLE_RISCV_UNIT(n, f0, f1, f2, f3)                                          \
  THIMBLE_RISCV_PAIR_TAP(f0, f1, f2, f3, "16*" n, "1+4*" n)                            \
  THIMBLE_RISCV_PAIR_TAP("s0", "s1", "s2", "s3", "8+16*" n, "3+4*" n)

/* A unit whose sums go on, or begin. */
#define THIMBLE_RISCV_ON(n) THIMBLE_RISCV_UNIT(n, "s0", "s1", "s2", "s3")
#define THIMBLE_RISCV_NEW(n) THIMBLE_RISCV_UNIT(n, "a3", "a3", "a3", "a3")

#define THIMBLE_RISCV_APART_ONE(sum, all, upper) \
  "srai a7, " sum ", 16\n"                       \
  "add  " upper ", " upper ", a7\n"              \
  "add  " all ", " all ", " sum "\n"

/* Takes the sums apart. */
#define THIMBLE_RISCV_APART                                                              \
  THIMBLE_RISCV_APART_ONE("s0", "s4", "s8") THIMBLE_RISCV_APART_ONE("s1", "s5", "s9")    \
  THIMBLE_RISCV_APART_ONE("s2", "s6", "s10") THIMBLE_RISCV_APART_ONE("s3", "s7", "s11")

/* What the sums of a channel start from, of which `upper` holds the bias, and a4 what the lower
 * halves' starts come to. */
#define THIMBLE_RISCV_PAIR_START(all0, all1, upper, upper1) \
  "slli " all0 ", " upper ", 16\n"                          \
  "add  " all0 ", " all0 ", " upper "\n"                    \
  "sub  " all0 ", " all0 ", a4\n"                           \
  "mv   " all1 ", " all0 "\n"                               \
  "mv   " upper1 ", " upper "\n"

/* The first pixel's sum of a pair; the second one's is in `upper`. */
#define THIMBLE_RISCV_PAIR_LOWER(all, upper) \
  "slli t1, " upper ", 16\n"                 \
  "sub  " all ", " all ", t1\n"

/* The next fractions are at s3, and one of them goes to t1. */
#ifdef THIMBLE_BIAS_FRACTIONS
#define THIMBLE_RISCV_PAIR_FRACTIONS THIMBLE_RISCV_GET("t6", "s3", "19")
#define THIMBLE_RISCV_PAIR_FRACTION(channel) "lbu  t1, " channel "(s3)\n"
#define THIMBLE_RISCV_PAIR_NEXT_FRACTIONS                                      \
  THIMBLE_RISCV_GET("t6", "a4", "20")                                          \
  "add  s3, s3, a4\n" THIMBLE_RISCV_PUT("t6", "s3", "19")
#else
#define THIMBLE_RISCV_PAIR_FRACTIONS
#define THIMBLE_RISCV_PAIR_FRACTION(channel)
#define THIMBLE_RISCV_PAIR_NEXT_FRACTIONS
#endif

/* Requantises a channel of four pixels, whose addresses are in a0 to a3. The tables are in t3 and
 * t4, their steps in s0 and s1. */
#define THIMBLE_RISCV_PAIR_CHANNEL(output, channel, p0, p1, p2, p3)            \
  THIMBLE_RISCV_PAIR_FRACTION(channel)                                         \
  "lw   a4, 0(t3)\n"                                                           \
  "lb   a6, 0(t4)\n"                                                           \
  "add  t3, t3, s0\n"                                                          \
  "add  t4, t4, s1\n" THIMBLE_RISCV_CONSTANTS output(p0, channel "(a0)")       \
      output(p1, channel "(a1)") output(p2, channel "(a2)") output(p3, channel "(a3)")

/* Both channels, or the first one if it is the last. */
#define THIMBLE_RISCV_PAIR_OUTPUTS(output, end)                                \
  THIMBLE_RISCV_PAIR_FRACTIONS                                                 \
  THIMBLE_RISCV_PAIR_CHANNEL(output, "0", "s4", "s8", "s5", "s9")              \
  "addi s2, s2, -1\n"                                                          \
  "beqz s2, " end "\n"                                                         \
  THIMBLE_RISCV_PAIR_CHANNEL(output, "1", "s6", "s10", "s7", "s11")

/* Computes all channels of four pixels; where there are fewer, the last one is repeated. The words
 * are at a0 to a2 and the filter at a1, the start of sums is in a3 and a step's first byte in t0;
 * the sums of whole products are in s4 to s7 and those of their upper halves in s8 to s11; the
 * block's address is in t6, the bias is at t5 and the output at ra. */
THIMBLE_ASSEMBLY static void pairs_s8_riscv(pairs_s8_riscv_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      THIMBLE_RISCV_ENTER
      "mv   t6, a0\n"
      THIMBLE_RISCV_GET("t6", "t5", "4")
      THIMBLE_RISCV_GET("t6", "t3", "5")
      THIMBLE_RISCV_GET("t6", "t4", "6")
      THIMBLE_RISCV_GET("t6", "ra", "9")
      "10:\n"
      THIMBLE_RISCV_GET("t6", "a5", "3")
      THIMBLE_RISCV_GET("t6", "a1", "2")
      THIMBLE_RISCV_GET("t6", "a7", "17")
      "lw   s8, 0(t5)\n"
      "lw   s10, 4(t5)\n"
      "lh   a4, 0(a5)\n"
      "addi a5, a5, 2\n"
      THIMBLE_RISCV_PUT("t6", "a5", "3")
      "slli a4, a4, 15\n"
      THIMBLE_RISCV_PAIR_START("s4", "s5", "s8", "s9")
      THIMBLE_RISCV_PAIR_START("s6", "s7", "s10", "s11")
      THIMBLE_RISCV_GET("t6", "a0", "0")
      THIMBLE_RISCV_GET("t6", "a2", "1")
      "lui  a3, 8\n"
      "lb   t0, 0(a1)\n"
      "beqz a7, 20f\n"
      "slli a4, a7, 2\n"
      "sub  a1, a1, a4\n"
      "addi a7, a7, -1\n"
      "beqz a7, 21f\n"
      "addi a7, a7, -1\n"
      "beqz a7, 22f\n"
      "j    23f\n"
      "11:\n"
      "lb   t0, 0(a1)\n"
      THIMBLE_RISCV_ON("0")
      "bltz t0, 30f\n"
      "12:\n"
      THIMBLE_RISCV_ON("1")
      "slli a7, t0, " THIMBLE_RISCV_BITS "-7\n"
      "bltz a7, 31f\n"
      "13:\n"
      THIMBLE_RISCV_ON("2")
      "slli a7, t0, " THIMBLE_RISCV_BITS "-6\n"
      "bltz a7, 32f\n"
      "14:\n"
      THIMBLE_RISCV_ON("3")
      "slli a7, t0, " THIMBLE_RISCV_BITS "-5\n"
      "bltz a7, 33f\n"
      "15:\n"
      "addi a0, a0, 64\n"
      "addi a1, a1, 17\n"
      "j    11b\n"
      "19:\n"
      "lb   t0, 0(a1)\n"
      "20:\n"
      THIMBLE_RISCV_NEW("0")
      "bgez t0, 12b\n"
      "30:\n" THIMBLE_RISCV_APART
      "21:\n"
      THIMBLE_RISCV_NEW("1")
      "slli a7, t0, " THIMBLE_RISCV_BITS "-7\n"
      "bgez a7, 13b\n"
      "31:\n" THIMBLE_RISCV_APART
      "22:\n"
      THIMBLE_RISCV_NEW("2")
      "slli a7, t0, " THIMBLE_RISCV_BITS "-6\n"
      "bgez a7, 14b\n"
      "32:\n" THIMBLE_RISCV_APART
      "23:\n"
      THIMBLE_RISCV_NEW("3")
      "slli a7, t0, " THIMBLE_RISCV_BITS "-5\n"
      "bgez a7, 15b\n"
      "33:\n" THIMBLE_RISCV_APART
      "addi a0, a0, 64\n"
      "addi a1, a1, 17\n"
      "bne  a0, a2, 19b\n"
      THIMBLE_RISCV_PUT("t6", "a1", "2")
      THIMBLE_RISCV_GET("t6", "s3", "16")
      THIMBLE_RISCV_GET("t6", "s2", "18")
      THIMBLE_RISCV_GET("t6", "s0", "7")
      THIMBLE_RISCV_GET("t6", "s1", "8")
      THIMBLE_RISCV_GET("t6", "a1", "10")
      THIMBLE_RISCV_GET("t6", "a2", "11")
      THIMBLE_RISCV_GET("t6", "a3", "12")
      THIMBLE_RISCV_GET("t6", "a7", "13")
      THIMBLE_RISCV_GET("t6", "t0", "14")
      THIMBLE_RISCV_GET("t6", "t2", "15")
      THIMBLE_RISCV_PAIR_LOWER("s4", "s8")
      THIMBLE_RISCV_PAIR_LOWER("s5", "s9")
      THIMBLE_RISCV_PAIR_LOWER("s6", "s10")
      THIMBLE_RISCV_PAIR_LOWER("s7", "s11")
      "mv   a0, ra\n"
      "add  a1, a1, ra\n"
      "add  a2, a2, ra\n"
      "add  a3, a3, ra\n"
      "bnez s3, 40f\n"
      THIMBLE_RISCV_PAIR_OUTPUTS(THIMBLE_RISCV_OUTPUT, "42f")
      "j    41f\n"
      "40:\n"
      THIMBLE_RISCV_PAIR_OUTPUTS(THIMBLE_RISCV_CLAMPED, "42f")
      "41:\n"
      THIMBLE_RISCV_PAIR_NEXT_FRACTIONS
      "addi s2, s2, -1\n"
      THIMBLE_RISCV_PUT("t6", "s2", "18")
      "addi t5, t5, 8\n"
      "addi ra, ra, 2\n"
      "bnez s2, 10b\n"
      "42:\n"
      THIMBLE_RISCV_LEAVE);
}

#endif
