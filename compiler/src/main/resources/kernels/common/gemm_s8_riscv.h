/* Matrix products of int8 for RISC-V without vectors: four output channels by four pixels, whose
 * sixteen sums fill the registers. Compilers would spill some of them, hence the assembly. */
#ifndef THIMBLE_GEMM_S8_RISCV_H
#define THIMBLE_GEMM_S8_RISCV_H

#include <stdint.h>

#include "common/assembly.h"
#include "common/riscv.h"
#include "common/riscv_outputs.h"
#include "common/requantize_s8_riscv.h"

/* What the assembly reads; each field is as wide as an address. */
typedef struct {
  const int8_t *const *runs;  /*  0: where runs of adjoining taps begin for the first pixel */
  intptr_t run_count;         /*  1 */
  intptr_t length;            /*  2: of each run, > 0 */
  intptr_t across1;           /*  3: from the first pixel to the others, in bytes */
  intptr_t across2;           /*  4 */
  intptr_t across3;           /*  5 */
  const int8_t *filter;       /*  6: [O / 4][K][4], advanced by the call as are the next four */
  const int32_t *bias;        /*  7: [O] */
  const int32_t *multiplier;  /*  8: [O], or [4] with a step of 0 */
  const int8_t *shift;        /*  9: likewise */
  int8_t *out;                /* 10: the first pixel's next channel */
  intptr_t multiplier_step;   /* 11: the bytes to the next four channels' */
  intptr_t shift_step;        /* 12 */
  intptr_t out1;              /* 13: from the first pixel to the others in the output */
  intptr_t out2;              /* 14 */
  intptr_t out3;              /* 15 */
  intptr_t min;               /* 16: of the output */
  intptr_t max;               /* 17 */
  intptr_t rounding;          /* 18: 64 * (2 * output zero point + 1) */
  intptr_t fours;             /* 19: blocks of four channels still to do, > 0 */
  intptr_t clamped;           /* 20: 1 where negative sums give `min` */
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction;    /* 21: [O], or [4] with a step of 0; advanced */
  intptr_t fraction_step;     /* 22 */
#endif
} gemm_s8_riscv_block;

/* Fields of the frame. */
#define THIMBLE_RISCV_SAVE(reg, slot) \
  THIMBLE_RISCV_STORE reg ", " THIMBLE_RISCV_WIDTH slot "(sp)\n"
#define THIMBLE_RISCV_RESTORE(reg, slot) \
  THIMBLE_RISCV_LOAD reg ", " THIMBLE_RISCV_WIDTH slot "(sp)\n"

/* The products of the tap `at` of four pixels, a0 to a3, and of four channels' filters, of which t0
 * points to the next. */
#define THIMBLE_RISCV_TAP(at, w0, w1, w2, w3) \
  "lb   a4, " at "(a0)\n"                     \
  "lb   a5, " at "(a1)\n"                     \
  "lb   a6, " at "(a2)\n"                     \
  "lb   a7, " at "(a3)\n"                     \
  "lb   t1, " w0 "(t0)\n"                     \
  "mul  t2, a4, t1\n"                         \
  "add  s0, s0, t2\n"                         \
  "mul  t2, a5, t1\n"                         \
  "add  s1, s1, t2\n"                         \
  "mul  t2, a6, t1\n"                         \
  "add  s2, s2, t2\n"                         \
  "mul  t1, a7, t1\n"                         \
  "add  s3, s3, t1\n"                         \
  "lb   t1, " w1 "(t0)\n"                     \
  "mul  t2, a4, t1\n"                         \
  "add  s4, s4, t2\n"                         \
  "mul  t2, a5, t1\n"                         \
  "add  s5, s5, t2\n"                         \
  "mul  t2, a6, t1\n"                         \
  "add  s6, s6, t2\n"                         \
  "mul  t1, a7, t1\n"                         \
  "add  s7, s7, t1\n"                         \
  "lb   t1, " w2 "(t0)\n"                     \
  "mul  t2, a4, t1\n"                         \
  "add  s8, s8, t2\n"                         \
  "mul  t2, a5, t1\n"                         \
  "add  s9, s9, t2\n"                         \
  "mul  t2, a6, t1\n"                         \
  "add  s10, s10, t2\n"                       \
  "mul  t1, a7, t1\n"                         \
  "add  s11, s11, t1\n"                       \
  "lb   t1, " w3 "(t0)\n"                     \
  "mul  a4, a4, t1\n"                         \
  "add  t3, t3, a4\n"                         \
  "mul  a5, a5, t1\n"                         \
  "add  t4, t4, a5\n"                         \
  "mul  a6, a6, t1\n"                         \
  "add  t5, t5, a6\n"                         \
  "mul  a7, a7, t1\n"                         \
  "add  t6, t6, a7\n"

/* The next fractions are kept in the frame, and one of them goes to t1. */
#ifdef THIMBLE_BIAS_FRACTIONS
#define THIMBLE_RISCV_FRACTIONS                                              \
  THIMBLE_RISCV_GET("a7", "a4", "21") THIMBLE_RISCV_SAVE("a4", "16")         \
  THIMBLE_RISCV_GET("a7", "a5", "22")                                        \
  "add  a4, a4, a5\n" THIMBLE_RISCV_PUT("a7", "a4", "21")
#define THIMBLE_RISCV_FRACTION(channel)                                      \
  THIMBLE_RISCV_RESTORE("t1", "16")                                          \
  "lbu  t1, " channel "(t1)\n"
#else
#define THIMBLE_RISCV_FRACTIONS
#define THIMBLE_RISCV_FRACTION(channel)
#endif

/* Requantises the sums of a channel, of this number within the block. */
#define THIMBLE_RISCV_CHANNEL(output, channel, s0, s1, s2, s3)               \
  THIMBLE_RISCV_RESTORE("a6", "15") THIMBLE_RISCV_RESTORE("a4", "14")        \
  "lb   a6, " channel "(a6)\n"                                               \
  "lw   a4, 4*" channel "(a4)\n"                                             \
  THIMBLE_RISCV_FRACTION(channel) THIMBLE_RISCV_CONSTANTS output(s0, channel "(a0)")         \
      output(s1, channel "(a1)") output(s2, channel "(a2)") output(s3, channel "(a3)")

#define THIMBLE_RISCV_CHANNELS(output)                                       \
  THIMBLE_RISCV_CHANNEL(output, "0", "s0", "s1", "s2", "s3")                 \
  THIMBLE_RISCV_CHANNEL(output, "1", "s4", "s5", "s6", "s7")                 \
  THIMBLE_RISCV_CHANNEL(output, "2", "s8", "s9", "s10", "s11")               \
  THIMBLE_RISCV_CHANNEL(output, "3", "t3", "t4", "t5", "t6")

/* Computes four pixels, or fewer whose last one is repeated, for blocks of four channels. The frame
 * holds the saved registers, then the block's address, multipliers, shifts, the address of the next
 * run, their end, and the rest of a run's length. */
THIMBLE_ASSEMBLY static void gemm_s8_riscv_four(gemm_s8_riscv_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      THIMBLE_RISCV_ENTER
      THIMBLE_RISCV_SAVE("a0", "13")
      "mv   a7, a0\n"
      "1:\n"
      THIMBLE_RISCV_GET("a7", "a5", "7")
      "lw   s0, 0(a5)\n"
      "mv   s1, s0\n"
      "mv   s2, s0\n"
      "mv   s3, s0\n"
      "lw   s4, 4(a5)\n"
      "mv   s5, s4\n"
      "mv   s6, s4\n"
      "mv   s7, s4\n"
      "lw   s8, 8(a5)\n"
      "mv   s9, s8\n"
      "mv   s10, s8\n"
      "mv   s11, s8\n"
      "lw   t3, 12(a5)\n"
      "mv   t4, t3\n"
      "mv   t5, t3\n"
      "mv   t6, t3\n"
      "addi a5, a5, 16\n"
      THIMBLE_RISCV_PUT("a7", "a5", "7")
      THIMBLE_RISCV_GET("a7", "a5", "0")
      THIMBLE_RISCV_GET("a7", "a4", "1")
      "slli a4, a4, " THIMBLE_RISCV_LOG "\n"
      "add  a4, a4, a5\n"
      THIMBLE_RISCV_SAVE("a4", "16")
      THIMBLE_RISCV_GET("a7", "t0", "6")
      "2:\n"
      THIMBLE_RISCV_LOAD "a0, 0(a5)\n"
      "addi a5, a5, " THIMBLE_RISCV_WIDTH "1\n"
      THIMBLE_RISCV_SAVE("a5", "14")
      THIMBLE_RISCV_GET("a7", "a1", "3")
      THIMBLE_RISCV_GET("a7", "a2", "4")
      THIMBLE_RISCV_GET("a7", "a3", "5")
      THIMBLE_RISCV_GET("a7", "a5", "2")
      "add  a1, a0, a1\n"
      "add  a2, a0, a2\n"
      "add  a3, a0, a3\n"
      "add  a5, a0, a5\n"
      THIMBLE_RISCV_SAVE("a5", "15")
      "sub  a5, a5, a0\n"
      "andi t1, a5, 3\n"
      "add  ra, a0, t1\n"
      "beqz t1, 4f\n"
      "3:\n"
      THIMBLE_RISCV_TAP("0", "0", "1", "2", "3")
      "addi a0, a0, 1\n"
      "addi a1, a1, 1\n"
      "addi a2, a2, 1\n"
      "addi a3, a3, 1\n"
      "addi t0, t0, 4\n"
      "bne  a0, ra, 3b\n"
      "4:\n"
      THIMBLE_RISCV_RESTORE("ra", "15")
      "beq  a0, ra, 6f\n"
      "5:\n"
      THIMBLE_RISCV_TAP("0", "0", "1", "2", "3")
      THIMBLE_RISCV_TAP("1", "4", "5", "6", "7")
      THIMBLE_RISCV_TAP("2", "8", "9", "10", "11")
      THIMBLE_RISCV_TAP("3", "12", "13", "14", "15")
      "addi a0, a0, 4\n"
      "addi a1, a1, 4\n"
      "addi a2, a2, 4\n"
      "addi a3, a3, 4\n"
      "addi t0, t0, 16\n"
      "bne  a0, ra, 5b\n"
      "6:\n"
      THIMBLE_RISCV_RESTORE("a5", "14")
      THIMBLE_RISCV_RESTORE("a4", "16")
      THIMBLE_RISCV_RESTORE("a7", "13")
      "bne  a5, a4, 2b\n"
      THIMBLE_RISCV_PUT("a7", "t0", "6")
      THIMBLE_RISCV_GET("a7", "a4", "8")
      THIMBLE_RISCV_SAVE("a4", "14")
      THIMBLE_RISCV_GET("a7", "a5", "11")
      "add  a4, a4, a5\n"
      THIMBLE_RISCV_PUT("a7", "a4", "8")
      THIMBLE_RISCV_GET("a7", "a4", "9")
      THIMBLE_RISCV_SAVE("a4", "15")
      THIMBLE_RISCV_GET("a7", "a5", "12")
      "add  a4, a4, a5\n"
      THIMBLE_RISCV_PUT("a7", "a4", "9")
      THIMBLE_RISCV_FRACTIONS
      THIMBLE_RISCV_GET("a7", "a0", "10")
      "addi a4, a0, 4\n"
      THIMBLE_RISCV_PUT("a7", "a4", "10")
      THIMBLE_RISCV_GET("a7", "a1", "13")
      THIMBLE_RISCV_GET("a7", "a2", "14")
      THIMBLE_RISCV_GET("a7", "a3", "15")
      "add  a1, a0, a1\n"
      "add  a2, a0, a2\n"
      "add  a3, a0, a3\n"
      THIMBLE_RISCV_GET("a7", "t0", "17")
      THIMBLE_RISCV_GET("a7", "t2", "18")
      THIMBLE_RISCV_GET("a7", "t1", "20")
      THIMBLE_RISCV_GET("a7", "a7", "16")
      "bnez t1, 8f\n"
      THIMBLE_RISCV_CHANNELS(THIMBLE_RISCV_OUTPUT)
      "j    9f\n"
      "8:\n"
      THIMBLE_RISCV_CHANNELS(THIMBLE_RISCV_CLAMPED)
      "9:\n"
      THIMBLE_RISCV_RESTORE("a7", "13")
      THIMBLE_RISCV_GET("a7", "a4", "19")
      "addi a4, a4, -1\n"
      THIMBLE_RISCV_PUT("a7", "a4", "19")
      "bnez a4, 1b\n"
      THIMBLE_RISCV_LEAVE);
}

#endif
