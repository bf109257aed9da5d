/* How the assembly for RISC-V requantises and stores sums: multiplier, rounding, shift and bounds are
 * in a4 to a7 and t0; t1 is overwritten, or holds the fraction of the bias. */
#ifndef THIMBLE_RISCV_OUTPUTS_H
#define THIMBLE_RISCV_OUTPUTS_H

#include "common/riscv.h"

/* Of a channel whose shift is in a6: rounding and the number of bits below the result, from
 * 64 * (2 * output zero point + 1) in t2. */
#define THIMBLE_RISCV_CONSTANTS \
  "neg  a6, a6\n"               \
  "sll  a5, t2, a6\n"           \
  "addi a6, a6, 7\n"            \
  "addi a5, a5, " THIMBLE_RISCV_HALF "\n"

/* Requantises a sum and stores it. */
#define THIMBLE_RISCV_OUTPUT(sum, to)                                        \
  THIMBLE_RISCV_HIGH_BIAS(sum, "a4") THIMBLE_RISCV_LOWER(sum, "t1")               \
  "add  " sum ", " sum ", a5\n"                                              \
  "sra  " sum ", " sum ", a6\n"                                              \
  "bge  " sum ", a7, 6f\n"                                                   \
  "mv   " sum ", a7\n"                                                       \
  "6:\n"                                                                     \
  "ble  " sum ", t0, 7f\n"                                                   \
  "mv   " sum ", t0\n"                                                       \
  "7:\n"                                                                     \
  "sb   " sum ", " to "\n"

/* The same where negative sums are known to be clamped. */
#define THIMBLE_RISCV_CLAMPED(sum, to)                                       \
  "bltz " sum ", 6f\n" THIMBLE_RISCV_HIGH_BIAS(sum, "a4")                         \
  "add  " sum ", " sum ", a5\n"                                              \
  "sra  " sum ", " sum ", a6\n"                                              \
  "ble  " sum ", t0, 7f\n"                                                   \
  "mv   " sum ", t0\n"                                                       \
  "j    7f\n"                                                                \
  "6:\n"                                                                     \
  "mv   " sum ", a7\n"                                                       \
  "7:\n"                                                                     \
  "sb   " sum ", " to "\n"

#endif
