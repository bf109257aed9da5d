/* A channel's pixels of a 3 x 3 depthwise convolution for RISC-V without vectors. The nine taps and
 * the sums of three pixels stay in registers, so an input element is loaded once for all pixels
 * that see it. Compilers would spill some of them, hence the assembly. */
#ifndef THIMBLE_DEPTHWISE_3X3_S8_RISCV_H
#define THIMBLE_DEPTHWISE_3X3_S8_RISCV_H

#include <stdint.h>

#include "common/assembly.h"
#include "common/requantize_s8_riscv.h"
#include "common/riscv.h"

/* What the assembly reads; each field is as wide as an address. The first pixel's first column or,
 * with `left`, the last pixel's last one, with `right`, may lie beside the map. */
typedef struct {
  const int8_t *row0; /*  0: the first column of each kernel row that lies within the map; of a */
  const int8_t *row1; /*  1: row outside of the map, any address of a row */
  const int8_t *row2;        /*  2 */
  int8_t *out;               /*  3 */
  intptr_t inside;           /*  4: pixels whose last column is within the map, * channels */
  intptr_t channels;         /*  5 */
  const int8_t *filter;      /*  6: [C][9], advanced by the call */
  const int32_t *bias;       /*  7: [C] */
  const int32_t *multiplier; /*  8: [C] or [1] */
  const int8_t *shift;       /*  9: likewise */
  intptr_t per_channel;      /* 10: which of the two */
  intptr_t min;              /* 11: of the output */
  intptr_t max;              /* 12 */
  intptr_t rounding;         /* 13: 64 * (2 * output zero point + 1) */
  intptr_t zero;             /* 14: the input's zero point */
  intptr_t left;             /* 15: 1 or 0 */
  intptr_t right;            /* 16: 1 or 0 */
  intptr_t outside;          /* 17: the sum of 1, 2 and 4 for kernel rows outside of the map */
  intptr_t twice;            /* 18: 1 with a stride of 2, 0 with one of 1 */
  intptr_t clamped;          /* 19: 1 where negative sums give `min` */
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction;   /* 20: [C], or null */
#endif
} depthwise_3x3_s8_riscv_block;

/* The next element of a kernel row is in t0, and `row` moves on. */
#define THIMBLE_RISCV_NEXT(row) \
  "lb   t0, 0(" row ")\n"       \
  "add  " row ", " row ", a3\n"

/* sum = from + the element in t0 * tap. */
#define THIMBLE_RISCV_ADD(sum, from, tap) \
  "mul  t1, t0, " tap "\n"                \
  "add  " sum ", " from ", t1\n"

/* A column that is the third one of a pixel whose sum goes from a7 to s10, the second one of the
 * next pixel, from s9 to a7, and the first one of the pixel after that, from the bias to s9. */
#define THIMBLE_RISCV_COLUMN_321                                                   \
  THIMBLE_RISCV_NEXT("a0")                                                         \
  THIMBLE_RISCV_ADD("s10", "a7", "s2") THIMBLE_RISCV_ADD("a7", "s9", "s1")         \
  THIMBLE_RISCV_ADD("s9", "a6", "s0") THIMBLE_RISCV_NEXT("a1")                     \
  THIMBLE_RISCV_ADD("s10", "s10", "s5") THIMBLE_RISCV_ADD("a7", "a7", "s4")        \
  THIMBLE_RISCV_ADD("s9", "s9", "s3") THIMBLE_RISCV_NEXT("a2")                     \
  THIMBLE_RISCV_ADD("s10", "s10", "s8") THIMBLE_RISCV_ADD("a7", "a7", "s7")        \
  THIMBLE_RISCV_ADD("s9", "s9", "s6")

/* A column of two pixels, of one's tap `a` and of the other's tap `b`. */
#define THIMBLE_RISCV_COLUMN_OF_TWO(p, from, a0, a1, a2, q, start, b0, b1, b2)     \
  THIMBLE_RISCV_NEXT("a0")                                                         \
  THIMBLE_RISCV_ADD(p, from, a0) THIMBLE_RISCV_ADD(q, start, b0)                   \
  THIMBLE_RISCV_NEXT("a1")                                                         \
  THIMBLE_RISCV_ADD(p, p, a1) THIMBLE_RISCV_ADD(q, q, b1)                          \
  THIMBLE_RISCV_NEXT("a2")                                                         \
  THIMBLE_RISCV_ADD(p, p, a2) THIMBLE_RISCV_ADD(q, q, b2)

/* A column of one pixel. */
#define THIMBLE_RISCV_COLUMN_OF_ONE(sum, from, tap0, tap1, tap2)                   \
  THIMBLE_RISCV_NEXT("a0") THIMBLE_RISCV_ADD(sum, from, tap0)                      \
  THIMBLE_RISCV_NEXT("a1") THIMBLE_RISCV_ADD(sum, sum, tap1)                       \
  THIMBLE_RISCV_NEXT("a2") THIMBLE_RISCV_ADD(sum, sum, tap2)

#define THIMBLE_RISCV_COLUMN_32 \
  THIMBLE_RISCV_COLUMN_OF_TWO("s10", "a7", "s2", "s5", "s8", "s9", "a6", "s0", "s3", "s6")
#define THIMBLE_RISCV_COLUMN_21 \
  THIMBLE_RISCV_COLUMN_OF_TWO("a7", "s9", "s1", "s4", "s7", "s9", "a6", "s0", "s3", "s6")
#define THIMBLE_RISCV_COLUMN_2 THIMBLE_RISCV_COLUMN_OF_ONE("a7", "s9", "s1", "s4", "s7")
#define THIMBLE_RISCV_COLUMN_1 THIMBLE_RISCV_COLUMN_OF_ONE("s9", "a6", "s0", "s3", "s6")

/* Keeps the fraction of the channel's bias in the frame, and takes it to t1. */
#ifdef THIMBLE_BIAS_FRACTIONS
#define THIMBLE_RISCV_3X3_KEEP                                                   \
  THIMBLE_RISCV_GET("s11", "t0", "20")                                           \
  "beqz t0, 5f\n"                                                                \
  "add  t0, t0, ra\n"                                                            \
  "lbu  t0, 0(t0)\n"                                                             \
  "5:\n" THIMBLE_RISCV_PUT("sp", "t0", "13")
#define THIMBLE_RISCV_3X3_FRACTION THIMBLE_RISCV_GET("sp", "t1", "13")
#else
#define THIMBLE_RISCV_3X3_KEEP
#define THIMBLE_RISCV_3X3_FRACTION
#endif

/* Requantises s10 and stores it; negative sums are known to be clamped. */
#define THIMBLE_RISCV_3X3_CLAMPED                                                \
  "bltz s10, 6f\n" THIMBLE_RISCV_3X3_FRACTION THIMBLE_RISCV_HIGH_BIAS("s10", "t2")                                 \
  "add  s10, s10, t3\n"                                                            \
  "sra  s10, s10, t4\n"                                                            \
  "bgt  s10, t6, 7f\n"                                                             \
  "sb   s10, 0(a4)\n"                                                              \
  "add  a4, a4, a3\n"

/* The same where any sum may count. */
#define THIMBLE_RISCV_3X3_STORE                                                        \
  THIMBLE_RISCV_3X3_FRACTION THIMBLE_RISCV_HIGH_BIAS("s10", "t2") THIMBLE_RISCV_LOWER("s10", "t1")                 \
  "add  s10, s10, t3\n"                                                            \
  "sra  s10, s10, t4\n"                                                            \
  "bge  s10, t5, 8f\n"                                                             \
  "mv   s10, t5\n"                                                                 \
  "8:\n"                                                                           \
  "ble  s10, t6, 9f\n"                                                             \
  "mv   s10, t6\n"                                                                 \
  "9:\n"                                                                           \
  "sb   s10, 0(a4)\n"                                                              \
  "add  a4, a4, a3\n"

/* A loop over the pixels from a4 to a5, in both ways to requantise. */
#define THIMBLE_RISCV_3X3_LOOP(columns, name)                                        \
  THIMBLE_RISCV_GET("s11", "t0", "19")                                             \
  "bnez t0, 4f\n"                                                                  \
  "3:\n" columns THIMBLE_RISCV_3X3_STORE                                               \
  "bne  a4, a5, 3b\n"                                                              \
  "j    " name "\n"                                                                \
  "4:\n" columns THIMBLE_RISCV_3X3_CLAMPED                                       \
  "bne  a4, a5, 4b\n"                                                              \
  "j    " name "\n"                                                                \
  "6:\n"                                                                           \
  "sb   t5, 0(a4)\n"                                                               \
  "add  a4, a4, a3\n"                                                              \
  "bne  a4, a5, 4b\n"                                                              \
  "j    " name "\n"                                                                \
  "7:\n"                                                                           \
  "sb   t6, 0(a4)\n"                                                               \
  "add  a4, a4, a3\n"                                                              \
  "bne  a4, a5, 4b\n"

/* A row outside of the map is all zero points: its taps go into the bias. */
#define THIMBLE_RISCV_3X3_OUTSIDE(row, tap0, tap1, tap2)                               \
  "andi t1, t0, " row "\n"                                                         \
  "beqz t1, 5f\n"                                                                  \
  "add  t1, " tap0 ", " tap1 "\n"                                                  \
  "add  t1, t1, " tap2 "\n" THIMBLE_RISCV_GET("s11", "s10", "14")                  \
  "mul  t1, t1, s10\n"                                                             \
  "add  a6, a6, t1\n"                                                              \
  "li   " tap0 ", 0\n"                                                             \
  "li   " tap1 ", 0\n"                                                             \
  "li   " tap2 ", 0\n"                                                             \
  "5:\n"

/* Computes all channels of adjoining pixels. The taps are in s0 to s8, the addresses of the rows in
 * a0 to a2 and of the output in a4 and of its end in a5, the bias in a6; multiplier, rounding,
 * shift, and bounds in t2 to t6; the block's address in s11 and the channel in ra. */
THIMBLE_ASSEMBLY static void depthwise_3x3_s8_riscv_pixels(
    depthwise_3x3_s8_riscv_block *block THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      THIMBLE_RISCV_ENTER
      "mv   s11, a0\n"
      THIMBLE_RISCV_GET("s11", "a3", "5")
      THIMBLE_RISCV_GET("s11", "t5", "11")
      THIMBLE_RISCV_GET("s11", "t6", "12")
      "li   ra, 0\n"
      "li   t0, 1\n"
      "j    12f\n"
      "11:\n"
      THIMBLE_RISCV_GET("s11", "t0", "10")
      "12:\n"
      "slli t1, ra, 2\n"
      "beqz t0, 13f\n"
      THIMBLE_RISCV_GET("s11", "t4", "9")
      THIMBLE_RISCV_GET("s11", "t2", "8")
      THIMBLE_RISCV_GET("s11", "t3", "13")
      "add  t4, t4, ra\n"
      "lb   t4, 0(t4)\n"
      "add  t2, t2, t1\n"
      "lw   t2, 0(t2)\n"
      "neg  t4, t4\n"
      "sll  t3, t3, t4\n"
      "addi t4, t4, 7\n"
      "addi t3, t3, " THIMBLE_RISCV_HALF "\n"
      "13:\n"
      THIMBLE_RISCV_3X3_KEEP
      THIMBLE_RISCV_GET("s11", "a6", "7")
      THIMBLE_RISCV_GET("s11", "s10", "6")
      THIMBLE_RISCV_GET("s11", "a0", "0")
      "add  a6, a6, t1\n"
      "lw   a6, 0(a6)\n"
      "lb   s0, 0(s10)\n"
      "lb   s1, 1(s10)\n"
      "lb   s2, 2(s10)\n"
      "lb   s3, 3(s10)\n"
      "lb   s4, 4(s10)\n"
      "lb   s5, 5(s10)\n"
      "lb   s6, 6(s10)\n"
      "lb   s7, 7(s10)\n"
      "lb   s8, 8(s10)\n"
      "addi s10, s10, 9\n"
      THIMBLE_RISCV_PUT("s11", "s10", "6")
      THIMBLE_RISCV_GET("s11", "t0", "17")
      "beqz t0, 14f\n"
      THIMBLE_RISCV_3X3_OUTSIDE("1", "s0", "s1", "s2")
      THIMBLE_RISCV_3X3_OUTSIDE("2", "s3", "s4", "s5")
      THIMBLE_RISCV_3X3_OUTSIDE("4", "s6", "s7", "s8")
      "14:\n"
      THIMBLE_RISCV_GET("s11", "a1", "1")
      THIMBLE_RISCV_GET("s11", "a2", "2")
      THIMBLE_RISCV_GET("s11", "a4", "3")
      THIMBLE_RISCV_GET("s11", "a5", "4")
      THIMBLE_RISCV_GET("s11", "t0", "15")
      "add  a0, a0, ra\n"
      "add  a1, a1, ra\n"
      "add  a2, a2, ra\n"
      "add  a4, a4, ra\n"
      "add  a5, a5, a4\n"
      "bnez t0, 15f\n"
      THIMBLE_RISCV_COLUMN_1
      "j    16f\n"
      "15:\n"
      THIMBLE_RISCV_GET("s11", "t0", "14")
      "add  t1, s0, s3\n"
      "add  t1, t1, s6\n"
      "mul  t1, t1, t0\n"
      "add  s9, a6, t1\n"
      "16:\n"
      THIMBLE_RISCV_GET("s11", "t0", "18")
      "bnez t0, 17f\n"
      THIMBLE_RISCV_COLUMN_21
      "beq  a4, a5, 18f\n"
      THIMBLE_RISCV_3X3_LOOP(THIMBLE_RISCV_COLUMN_321, "18f")
      "j    18f\n"
      "17:\n"
      "beq  a4, a5, 19f\n"
      THIMBLE_RISCV_3X3_LOOP(THIMBLE_RISCV_COLUMN_2 THIMBLE_RISCV_COLUMN_32, "19f")
      "19:\n"
      THIMBLE_RISCV_GET("s11", "t0", "16")
      "beqz t0, 20f\n"
      THIMBLE_RISCV_COLUMN_2
      "18:\n"
      THIMBLE_RISCV_GET("s11", "t0", "16")
      "beqz t0, 20f\n"
      THIMBLE_RISCV_GET("s11", "t0", "14")
      "add  t1, s2, s5\n"
      "add  t1, t1, s8\n"
      "mul  t1, t1, t0\n"
      "add  s10, a7, t1\n"
      THIMBLE_RISCV_3X3_STORE
      "20:\n"
      "addi ra, ra, 1\n"
      "bne  ra, a3, 11b\n"
      THIMBLE_RISCV_LEAVE);
}

#endif
