/* Matrix products of int8 for RISC-V without vectors: four output channels by four pixels, whose
 * sixteen sums fill the registers. Compilers would spill some of them, hence the assembly. */
#ifndef THIMBLE_GEMM_S8_RISCV_H
#define THIMBLE_GEMM_S8_RISCV_H

#include <stdint.h>

#include "common/assembly.h"
#include "common/function.h"

#if __riscv_xlen == 64
#define THIMBLE_RISCV_SAVE(reg, at) "sd   " reg ", 2*" at "(sp)\n"
#define THIMBLE_RISCV_RESTORE(reg, at) "ld   " reg ", 2*" at "(sp)\n"
#define THIMBLE_RISCV_FRAME "128"
#else
#define THIMBLE_RISCV_SAVE(reg, at) "sw   " reg ", " at "(sp)\n"
#define THIMBLE_RISCV_RESTORE(reg, at) "lw   " reg ", " at "(sp)\n"
#define THIMBLE_RISCV_FRAME "64"
#endif

/* The products of the tap `at` of four pixels, a0 to a3, and of four channels' filters, which t0
 * points to. */
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

/* Adds `count` > 0 taps' products, of four pixels' bytes and filters [count][4], to the sums,
 * [4 channels][4 pixels], modulo 2^32. */
THIMBLE_ASSEMBLY static void gemm_s8_riscv_four(
    const int8_t *x0 THIMBLE_ASSEMBLY_READS, const int8_t *x1 THIMBLE_ASSEMBLY_READS,
    const int8_t *x2 THIMBLE_ASSEMBLY_READS, const int8_t *x3 THIMBLE_ASSEMBLY_READS,
    const int8_t *filter THIMBLE_ASSEMBLY_READS, int32_t count THIMBLE_ASSEMBLY_READS,
    uint32_t *sums THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      "addi sp, sp, -" THIMBLE_RISCV_FRAME "\n"
      THIMBLE_RISCV_SAVE("ra", "0")
      THIMBLE_RISCV_SAVE("s0", "4")
      THIMBLE_RISCV_SAVE("s1", "8")
      THIMBLE_RISCV_SAVE("s2", "12")
      THIMBLE_RISCV_SAVE("s3", "16")
      THIMBLE_RISCV_SAVE("s4", "20")
      THIMBLE_RISCV_SAVE("s5", "24")
      THIMBLE_RISCV_SAVE("s6", "28")
      THIMBLE_RISCV_SAVE("s7", "32")
      THIMBLE_RISCV_SAVE("s8", "36")
      THIMBLE_RISCV_SAVE("s9", "40")
      THIMBLE_RISCV_SAVE("s10", "44")
      THIMBLE_RISCV_SAVE("s11", "48")
      THIMBLE_RISCV_SAVE("a6", "52")
      "mv   t0, a4\n"
      "lw   s0, 0(a6)\n"
      "lw   s1, 4(a6)\n"
      "lw   s2, 8(a6)\n"
      "lw   s3, 12(a6)\n"
      "lw   s4, 16(a6)\n"
      "lw   s5, 20(a6)\n"
      "lw   s6, 24(a6)\n"
      "lw   s7, 28(a6)\n"
      "lw   s8, 32(a6)\n"
      "lw   s9, 36(a6)\n"
      "lw   s10, 40(a6)\n"
      "lw   s11, 44(a6)\n"
      "lw   t3, 48(a6)\n"
      "lw   t4, 52(a6)\n"
      "lw   t5, 56(a6)\n"
      "lw   t6, 60(a6)\n"
      "andi t1, a5, 3\n"
      "add  ra, a0, t1\n"
      "sub  a5, a5, t1\n"
      THIMBLE_RISCV_SAVE("a5", "56")
      "beqz t1, 2f\n"
      "1:\n"
      THIMBLE_RISCV_TAP("0", "0", "1", "2", "3")
      "addi a0, a0, 1\n"
      "addi a1, a1, 1\n"
      "addi a2, a2, 1\n"
      "addi a3, a3, 1\n"
      "addi t0, t0, 4\n"
      "bne  a0, ra, 1b\n"
      "2:\n"
      THIMBLE_RISCV_RESTORE("a5", "56")
      "add  ra, a0, a5\n"
      "beqz a5, 4f\n"
      "3:\n"
      THIMBLE_RISCV_TAP("0", "0", "1", "2", "3")
      THIMBLE_RISCV_TAP("1", "4", "5", "6", "7")
      THIMBLE_RISCV_TAP("2", "8", "9", "10", "11")
      THIMBLE_RISCV_TAP("3", "12", "13", "14", "15")
      "addi a0, a0, 4\n"
      "addi a1, a1, 4\n"
      "addi a2, a2, 4\n"
      "addi a3, a3, 4\n"
      "addi t0, t0, 16\n"
      "bne  a0, ra, 3b\n"
      "4:\n"
      THIMBLE_RISCV_RESTORE("a6", "52")
      "sw   s0, 0(a6)\n"
      "sw   s1, 4(a6)\n"
      "sw   s2, 8(a6)\n"
      "sw   s3, 12(a6)\n"
      "sw   s4, 16(a6)\n"
      "sw   s5, 20(a6)\n"
      "sw   s6, 24(a6)\n"
      "sw   s7, 28(a6)\n"
      "sw   s8, 32(a6)\n"
      "sw   s9, 36(a6)\n"
      "sw   s10, 40(a6)\n"
      "sw   s11, 44(a6)\n"
      "sw   t3, 48(a6)\n"
      "sw   t4, 52(a6)\n"
      "sw   t5, 56(a6)\n"
      "sw   t6, 60(a6)\n"
      THIMBLE_RISCV_RESTORE("ra", "0")
      THIMBLE_RISCV_RESTORE("s0", "4")
      THIMBLE_RISCV_RESTORE("s1", "8")
      THIMBLE_RISCV_RESTORE("s2", "12")
      THIMBLE_RISCV_RESTORE("s3", "16")
      THIMBLE_RISCV_RESTORE("s4", "20")
      THIMBLE_RISCV_RESTORE("s5", "24")
      THIMBLE_RISCV_RESTORE("s6", "28")
      THIMBLE_RISCV_RESTORE("s7", "32")
      THIMBLE_RISCV_RESTORE("s8", "36")
      THIMBLE_RISCV_RESTORE("s9", "40")
      THIMBLE_RISCV_RESTORE("s10", "44")
      THIMBLE_RISCV_RESTORE("s11", "48")
      "addi sp, sp, " THIMBLE_RISCV_FRAME "\n"
      "ret\n");
}

#endif
