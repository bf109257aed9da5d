/* Matrix products of int8 for ARMv7-M without the DSP extension: four output channels by two
 * pixels, whose eight sums fill the registers. Compilers would spill some, hence the assembly. */
#ifndef THIMBLE_GEMM_S8_M3_H
#define THIMBLE_GEMM_S8_M3_H

#include <stdint.h>

#include "common/assembly.h"

/* The products of the tap to which r0 points, and of the filter's four channels. */
#define THIMBLE_M3_TAP(w0, w1, w2, w3) \
  "ldrsb r3, [r0, r12]\n"              \
  "ldrsb r2, [r0], #1\n"               \
  "ldrsb lr, [r1, #" w0 "]\n"          \
  "mla  r4, r2, lr, r4\n"              \
  "mla  r5, r3, lr, r5\n"              \
  "ldrsb lr, [r1, #" w1 "]\n"          \
  "mla  r6, r2, lr, r6\n"              \
  "mla  r7, r3, lr, r7\n"              \
  "ldrsb lr, [r1, #" w2 "]\n"          \
  "mla  r8, r2, lr, r8\n"              \
  "mla  r9, r3, lr, r9\n"              \
  "ldrsb lr, [r1, #" w3 "]\n"          \
  "mla  r10, r2, lr, r10\n"            \
  "mla  r11, r3, lr, r11\n"

/* Adds `count` > 0 taps' products, of two pixels that lie `across` bytes apart and of a filter
 * [count][4], to the sums, [4 channels][2 pixels]. */
THIMBLE_ASSEMBLY static void gemm_s8_m3_run(const int8_t *x THIMBLE_ASSEMBLY_READS,
                                            const int8_t *w THIMBLE_ASSEMBLY_READS,
                                            int32_t count THIMBLE_ASSEMBLY_READS,
                                            int32_t across THIMBLE_ASSEMBLY_READS,
                                            uint32_t *sums THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      ".syntax unified\n"
      "ldr  r12, [sp]\n"
      "push {r4-r11, lr}\n"
      "add  r4, r0, r2\n"
      "push {r4, r12}\n"
      "ands r2, r2, #3\n"
      "ldm  r12, {r4-r11}\n"
      "mov  r12, r3\n"
      "beq  2f\n"
      "add  lr, r0, r2\n"
      "push {lr}\n"
      "1:\n" THIMBLE_M3_TAP("0", "1", "2", "3")
      "add  r1, r1, #4\n"
      "ldr  lr, [sp]\n"
      "cmp  r0, lr\n"
      "bne  1b\n"
      "add  sp, #4\n"
      "ldr  lr, [sp]\n"
      "cmp  r0, lr\n"
      "beq  3f\n"
      "2:\n" THIMBLE_M3_TAP("0", "1", "2", "3") THIMBLE_M3_TAP("4", "5", "6", "7")
      THIMBLE_M3_TAP("8", "9", "10", "11") THIMBLE_M3_TAP("12", "13", "14", "15")
      "ldr  lr, [sp]\n"
      "add  r1, r1, #16\n"
      "cmp  r0, lr\n"
      "bne  2b\n"
      "3:\n"
      "pop  {r2, r12}\n"
      "stm  r12, {r4-r11}\n"
      "pop  {r4-r11, pc}\n");
}

/* The same of a single pixel and eight channels, [8], whose second four filters lie `across` bytes
 * behind the first. */
THIMBLE_ASSEMBLY static void gemm_s8_m3_eight(const int8_t *x THIMBLE_ASSEMBLY_READS,
                                              const int8_t *w THIMBLE_ASSEMBLY_READS,
                                              int32_t count THIMBLE_ASSEMBLY_READS,
                                              int32_t across THIMBLE_ASSEMBLY_READS,
                                              uint32_t *sums THIMBLE_ASSEMBLY_READS) {
#define THIMBLE_M3_EIGHT     \
  "ldrsb r2, [r0], #1\n"     \
  "ldrsb lr, [r1, #1]\n"     \
  "ldrsb r12, [r1, #2]\n"    \
  "mla  r5, r2, lr, r5\n"    \
  "mla  r6, r2, r12, r6\n"   \
  "ldrsb lr, [r1, #3]\n"     \
  "ldrsb r12, [r1], #4\n"    \
  "mla  r7, r2, lr, r7\n"    \
  "mla  r4, r2, r12, r4\n"   \
  "ldrsb lr, [r3, #1]\n"     \
  "ldrsb r12, [r3, #2]\n"    \
  "mla  r9, r2, lr, r9\n"    \
  "mla  r10, r2, r12, r10\n" \
  "ldrsb lr, [r3, #3]\n"     \
  "ldrsb r12, [r3], #4\n"    \
  "mla  r11, r2, lr, r11\n"  \
  "mla  r8, r2, r12, r8\n"
  __asm__ volatile(
      ".syntax unified\n"
      "ldr  r12, [sp]\n"
      "push {r4-r11, lr}\n"
      "add  r4, r0, r2\n"
      "push {r4, r12}\n"
      "add  r3, r3, r1\n"
      "lsls r2, r2, #31\n"
      "ldm  r12, {r4-r11}\n"
      "bne  2f\n"
      "1:\n" THIMBLE_M3_EIGHT
      "2:\n" THIMBLE_M3_EIGHT
      "ldr  lr, [sp]\n"
      "cmp  r0, lr\n"
      "bne  1b\n"
      "pop  {r2, r12}\n"
      "stm  r12, {r4-r11}\n"
      "pop  {r4-r11, pc}\n");
}

#endif
