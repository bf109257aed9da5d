/* What the assembly for RISC-V has in common, for words of 32 and of 64 bits. */
#ifndef THIMBLE_RISCV_H
#define THIMBLE_RISCV_H

#if __riscv_xlen == 64
#define THIMBLE_RISCV_LOAD "ld   "
#define THIMBLE_RISCV_STORE "sd   "
#define THIMBLE_RISCV_WIDTH "8*"
#define THIMBLE_RISCV_LOG "3"
#define THIMBLE_RISCV_BITS "64"
#define THIMBLE_RISCV_FRAME "144"
#else
#define THIMBLE_RISCV_LOAD "lw   "
#define THIMBLE_RISCV_STORE "sw   "
#define THIMBLE_RISCV_WIDTH "4*"
#define THIMBLE_RISCV_LOG "2"
#define THIMBLE_RISCV_BITS "32"
#define THIMBLE_RISCV_FRAME "80"
#endif

/* Fields, each as wide as an address, of the structure whose address is in `base`. */
#define THIMBLE_RISCV_GET(base, reg, field) \
  THIMBLE_RISCV_LOAD reg ", " THIMBLE_RISCV_WIDTH field "(" base ")\n"
#define THIMBLE_RISCV_PUT(base, reg, field) \
  THIMBLE_RISCV_STORE reg ", " THIMBLE_RISCV_WIDTH field "(" base ")\n"

/* Saves what belongs to the caller in the lower fields of a frame; 13 and those above are free. */
#define THIMBLE_RISCV_ENTER                                                       \
  "addi sp, sp, -" THIMBLE_RISCV_FRAME "\n"                                       \
  THIMBLE_RISCV_PUT("sp", "ra", "0") THIMBLE_RISCV_PUT("sp", "s0", "1")           \
  THIMBLE_RISCV_PUT("sp", "s1", "2") THIMBLE_RISCV_PUT("sp", "s2", "3")           \
  THIMBLE_RISCV_PUT("sp", "s3", "4") THIMBLE_RISCV_PUT("sp", "s4", "5")           \
  THIMBLE_RISCV_PUT("sp", "s5", "6") THIMBLE_RISCV_PUT("sp", "s6", "7")           \
  THIMBLE_RISCV_PUT("sp", "s7", "8") THIMBLE_RISCV_PUT("sp", "s8", "9")           \
  THIMBLE_RISCV_PUT("sp", "s9", "10") THIMBLE_RISCV_PUT("sp", "s10", "11")        \
  THIMBLE_RISCV_PUT("sp", "s11", "12")

/* Gives it back, and returns. */
#define THIMBLE_RISCV_LEAVE                                                       \
  THIMBLE_RISCV_GET("sp", "ra", "0") THIMBLE_RISCV_GET("sp", "s0", "1")           \
  THIMBLE_RISCV_GET("sp", "s1", "2") THIMBLE_RISCV_GET("sp", "s2", "3")           \
  THIMBLE_RISCV_GET("sp", "s3", "4") THIMBLE_RISCV_GET("sp", "s4", "5")           \
  THIMBLE_RISCV_GET("sp", "s5", "6") THIMBLE_RISCV_GET("sp", "s6", "7")           \
  THIMBLE_RISCV_GET("sp", "s7", "8") THIMBLE_RISCV_GET("sp", "s8", "9")           \
  THIMBLE_RISCV_GET("sp", "s9", "10") THIMBLE_RISCV_GET("sp", "s10", "11")        \
  THIMBLE_RISCV_GET("sp", "s11", "12")                                            \
  "addi sp, sp, " THIMBLE_RISCV_FRAME "\n"                                        \
  "ret\n"

/* A sum times a multiplier, less the product's 24 lower bits; a sum of less than 2^23. */
#if __riscv_xlen == 64
#define THIMBLE_RISCV_HIGH(sum, multiplier)        \
  "mul  " sum ", " sum ", " multiplier "\n"        \
  "srai " sum ", " sum ", 24\n"
#else
#define THIMBLE_RISCV_HIGH(sum, multiplier) \
  "slli " sum ", " sum ", 8\n"              \
  "mulh " sum ", " sum ", " multiplier "\n"
#endif

/* The same of a sum and the fraction of its bias in t1, of which a program without fractions, or with
 * two roundings, knows nothing. */
#ifndef THIMBLE_BIAS_FRACTIONS
#define THIMBLE_RISCV_HIGH_BIAS(sum, multiplier) THIMBLE_RISCV_HIGH(sum, multiplier)
#elif __riscv_xlen == 64
#define THIMBLE_RISCV_HIGH_BIAS(sum, multiplier)   \
  "slli " sum ", " sum ", 8\n"                     \
  "add  " sum ", " sum ", t1\n"                    \
  "mul  " sum ", " sum ", " multiplier "\n"        \
  "srai " sum ", " sum ", 32\n"
#else
#define THIMBLE_RISCV_HIGH_BIAS(sum, multiplier) \
  "slli " sum ", " sum ", 8\n"                   \
  "add  " sum ", " sum ", t1\n"                  \
  "mulh " sum ", " sum ", " multiplier "\n"
#endif

/* THIMBLE_RISCV_HALF rounds the high multiply. A product whose high multiply is negative is lowered
 * by one, so that ties round away from zero in the shift to the right. */
#ifdef THIMBLE_SINGLE_ROUNDING
#define THIMBLE_RISCV_HALF "0"
#define THIMBLE_RISCV_LOWER(product, spare)
#else
#define THIMBLE_RISCV_HALF "64"
#define THIMBLE_RISCV_LOWER(product, spare)     \
  "addi " spare ", " product ", 64\n"           \
  "bgez " spare ", 5f\n"                        \
  "addi " product ", " product ", -128\n"       \
  "5:\n"
#endif

#endif
