/* Requantisation for ARMv6-M, which multiplies to 32 bits only: the product of sum and multiplier
 * is put together of four. */
#ifndef THIMBLE_REQUANTIZE_S8_M0PLUS_H
#define THIMBLE_REQUANTIZE_S8_M0PLUS_H

#include <stdint.h>

#include "common/assembly.h"
#include "common/function.h"

#ifdef THIMBLE_SINGLE_ROUNDING
#define THIMBLE_M0PLUS_ROUND "adds r1, r1, r0\n"
#else
/* The shift before left the bit below the result in the carry, which rounds; a negative value is
 * lowered, so that ties round away from zero. */
#define THIMBLE_M0PLUS_ROUND \
  "adcs r1, r1, r0\n"        \
  "asrs r2, r1, #31\n"       \
  "adds r1, r1, r2\n"
#endif

/* r0 holds a sum of less than 2^23, r3 and r4 the multiplier's low and high half. The high half of
 * the doubled product is left in r1, exact, and r0 and r2 are overwritten. */
#define THIMBLE_M0PLUS_HIGH_MULTIPLY \
  "sxth r2, r0\n"                    \
  "subs r0, r0, r2\n"                \
  "asrs r0, r0, #16\n"               \
  "mov  r1, r2\n"                    \
  "muls r1, r3, r1\n"                \
  "asrs r1, r1, #16\n"               \
  "muls r2, r4, r2\n"                \
  "adds r1, r1, r2\n"                \
  "mov  r2, r0\n"                    \
  "muls r2, r3, r2\n"                \
  "adds r1, r1, r2\n"                \
  "muls r0, r4, r0\n"                \
  "lsls r0, r0, #1\n"                \
  "asrs r1, r1, #15\n" THIMBLE_M0PLUS_ROUND

/* Clamps r1 to r9 and r10. */
#define THIMBLE_M0PLUS_CLAMP \
  "cmp  r1, r9\n"            \
  "bge  5f\n"                \
  "mov  r1, r9\n"            \
  "5:\n"                     \
  "cmp  r1, r10\n"           \
  "ble  6f\n"                \
  "mov  r1, r10\n"           \
  "6:\n"

typedef struct {
  int32_t min; /* the bounds of the stored result */
  int32_t max;
  int32_t rounding; /* 2 * output zero point + 1 */
  int32_t count;
} requantize_s8_m0plus_bounds;

/* Requantises a pixel's sums, [count], whose constants are [count] of three words: what is added
 * to the sum, the multiplier, and the right shift less one. */
THIMBLE_ASSEMBLY static void requantize_s8_m0plus(
    const int32_t *sums THIMBLE_ASSEMBLY_READS, const int32_t *constants THIMBLE_ASSEMBLY_READS,
    int8_t *out THIMBLE_ASSEMBLY_READS,
    const requantize_s8_m0plus_bounds *bounds THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4-r7, lr}\n"
      "mov  r4, r8\n"
      "mov  r5, r9\n"
      "mov  r6, r10\n"
      "mov  r7, r11\n"
      "push {r4-r7}\n"
      "mov  r6, r0\n"
      "mov  r7, r1\n"
      "mov  r11, r2\n"
      "ldmia r3!, {r0, r1, r2, r4}\n"
      "mov  r9, r0\n"
      "mov  r10, r1\n"
      "mov  r8, r2\n"
      "lsls r4, r4, #2\n"
      "adds r4, r4, r6\n"
      "mov  r12, r4\n"
      "1:\n"
      "ldmia r6!, {r0}\n"
      "ldmia r7!, {r1, r3, r5}\n"
      "adds r0, r0, r1\n"
      "lsrs r4, r3, #16\n"
      "uxth r3, r3\n" THIMBLE_M0PLUS_HIGH_MULTIPLY
      "mov  r2, r8\n"
      "lsls r2, r5\n"
      "adds r1, r1, r2\n"
      "adds r5, r5, #1\n"
      "asrs r1, r5\n" THIMBLE_M0PLUS_CLAMP
      "mov  r2, r11\n"
      "strb r1, [r2]\n"
      "adds r2, r2, #1\n"
      "mov  r11, r2\n"
      "cmp  r6, r12\n"
      "bne  1b\n"
      "pop  {r4-r7}\n"
      "mov  r8, r4\n"
      "mov  r9, r5\n"
      "mov  r10, r6\n"
      "mov  r11, r7\n"
      "pop  {r4-r7, pc}\n");
}

#endif
