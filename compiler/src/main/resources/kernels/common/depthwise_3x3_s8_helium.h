/* The inner loop of 3x3 depthwise convolutions, int8, with M-profile vector instructions (MVE): one
 * block of 16 lanes at several pixels. */
#ifndef THIMBLE_DEPTHWISE_3X3_S8_HELIUM_H
#define THIMBLE_DEPTHWISE_3X3_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_helium.h"

/* What the assembly takes; its order is known there. */
typedef struct {
  const int8_t *rows[3];  /* the first taps of the kernel's rows */
  const int8_t *filter;   /* the fifth of nine vectors */
  const int32_t *bias;    /* 16 of each, in the order of the sums */
  const int32_t *multiplier;
  const int8_t *right;
  int8_t *out;
  int32_t tap;      /* the distance from one tap to the next */
  int32_t advance;  /* and from a row's third tap to the next pixel's first */
  int32_t out_step; /* from one output pixel to the next */
  int32_t lanes;    /* how many are stored */
  int32_t count;    /* the pixels */
  int32_t zero_point; /* of the output */
} thimble_depthwise_block;

/* The first of the taps whose products are summed in int16: even channels in q4, others in q5. */
#define THIMBLE_DEPTHWISE_FIRST(row, at, step) \
  "vldrb.u8 q6, [" row "]\n\t"                 \
  "vldrb.u8 q7, [r3, #" at "]\n\t"             \
  "add.w " row ", " row ", " step "\n\t"       \
  "vmullb.s8 q4, q6, q7\n\t"                   \
  "vmullt.s8 q5, q6, q7\n\t"

/* One more of them. No register is left, so the filter is loaded twice. */
#define THIMBLE_DEPTHWISE_NEXT(row, at, step) \
  "vldrb.u8 q7, [r3, #" at "]\n\t"            \
  "vldrb.u8 q6, [" row "]\n\t"                \
  "add.w " row ", " row ", " step "\n\t"      \
  "vmullb.s8 q7, q6, q7\n\t"                  \
  "vadd.i16 q4, q4, q7\n\t"                   \
  "vldrb.u8 q7, [r3, #" at "]\n\t"            \
  "vmullt.s8 q6, q6, q7\n\t"                  \
  "vadd.i16 q5, q5, q6\n\t"

#define THIMBLE_DEPTHWISE_WIDEN \
  "vmovlb.s16 q6, q4\n\t"       \
  "vmovlt.s16 q7, q4\n\t"       \
  "vadd.i32 q0, q0, q6\n\t"     \
  "vmovlb.s16 q6, q5\n\t"       \
  "vadd.i32 q1, q1, q7\n\t"     \
  "vmovlt.s16 q7, q5\n\t"       \
  "vadd.i32 q2, q2, q6\n\t"     \
  "vadd.i32 q3, q3, q7\n\t"

#ifdef THIMBLE_SINGLE_ROUNDING
#define THIMBLE_DEPTHWISE_MULTIPLY "vmulh.s32 "
#else
#define THIMBLE_DEPTHWISE_MULTIPLY "vqrdmulh.s32 "
#endif

#define THIMBLE_DEPTHWISE_SCALE(sums, at, shift_at)            \
  "vldrw.u32 q6, [r5, #" at "]\n\t"                            \
  "vldrb.s32 q7, [r6, #" shift_at "]\n\t"                      \
  THIMBLE_DEPTHWISE_MULTIPLY sums ", " sums ", q6\n\t"         \
  "vrshl.s32 " sums ", " sums ", q7\n\t"

#define THIMBLE_DEPTHWISE_BEGIN         \
  "push {r4-r11, lr}\n\t"               \
  "vpush {d8-d15}\n\t"                  \
  "mov r12, r0\n\t"                     \
  "ldm.w r12, {r0-r11, lr}\n\t"         \
  "vctp.8 r11\n\t"                      \
  "ldr.w r11, [r12, #52]\n\t"           \
  "1:\n\t"                              \
  "vldrw.u32 q0, [r4]\n\t"              \
  "vldrw.u32 q1, [r4, #16]\n\t"         \
  "vldrw.u32 q2, [r4, #32]\n\t"         \
  "vldrw.u32 q3, [r4, #48]\n\t"

#define THIMBLE_DEPTHWISE_END                                    \
  THIMBLE_DEPTHWISE_SCALE("q0", "0", "0")                        \
  THIMBLE_DEPTHWISE_SCALE("q1", "16", "4")                       \
  THIMBLE_DEPTHWISE_SCALE("q2", "32", "8")                       \
  THIMBLE_DEPTHWISE_SCALE("q3", "48", "12")                      \
  "vqmovnb.s32 q0, q0\n\t"                                       \
  "vqmovnb.s32 q2, q2\n\t"                                       \
  "vqmovnt.s32 q0, q1\n\t"                                       \
  "vqmovnt.s32 q2, q3\n\t"                                       \
  "vqadd.s16 q0, q0, r11\n\t"                                    \
  "vqadd.s16 q2, q2, r11\n\t"                                    \
  "vqmovnb.s16 q0, q0\n\t"                                       \
  "vqmovnt.s16 q0, q2\n\t"                                       \
  "vpst\n\t"                                                     \
  "vstrbt.8 q0, [r7]\n\t"                                        \
  "add.w r7, r7, r10\n\t"                                        \
  "le lr, 1b\n\t"                                                \
  "vpop {d8-d15}\n\t"                                            \
  "pop {r4-r11, pc}\n\t"

/* Products are summed in int16 by twos. Requantises as THIMBLE_SCALE_PLAIN does. */
static THIMBLE_NAKED void thimble_depthwise_by_twos(
    const thimble_depthwise_block *block __attribute__((unused))) {
  __asm__ volatile(
      THIMBLE_DEPTHWISE_BEGIN
      THIMBLE_DEPTHWISE_FIRST("r0", "-64", "r8") THIMBLE_DEPTHWISE_NEXT("r0", "-48", "r8")
      THIMBLE_DEPTHWISE_WIDEN
      THIMBLE_DEPTHWISE_FIRST("r0", "-32", "r9") THIMBLE_DEPTHWISE_NEXT("r1", "-16", "r8")
      THIMBLE_DEPTHWISE_WIDEN
      THIMBLE_DEPTHWISE_FIRST("r1", "0", "r8") THIMBLE_DEPTHWISE_NEXT("r1", "16", "r9")
      THIMBLE_DEPTHWISE_WIDEN
      THIMBLE_DEPTHWISE_FIRST("r2", "32", "r8") THIMBLE_DEPTHWISE_NEXT("r2", "48", "r8")
      THIMBLE_DEPTHWISE_WIDEN
      THIMBLE_DEPTHWISE_FIRST("r2", "64", "r9")
      THIMBLE_DEPTHWISE_WIDEN
      THIMBLE_DEPTHWISE_END);
}

/* As thimble_depthwise_by_twos, by threes. */
static THIMBLE_NAKED void thimble_depthwise_by_threes(
    const thimble_depthwise_block *block __attribute__((unused))) {
  __asm__ volatile(
      THIMBLE_DEPTHWISE_BEGIN
      THIMBLE_DEPTHWISE_FIRST("r0", "-64", "r8") THIMBLE_DEPTHWISE_NEXT("r0", "-48", "r8")
      THIMBLE_DEPTHWISE_NEXT("r0", "-32", "r9")
      THIMBLE_DEPTHWISE_WIDEN
      THIMBLE_DEPTHWISE_FIRST("r1", "-16", "r8") THIMBLE_DEPTHWISE_NEXT("r1", "0", "r8")
      THIMBLE_DEPTHWISE_NEXT("r1", "16", "r9")
      THIMBLE_DEPTHWISE_WIDEN
      THIMBLE_DEPTHWISE_FIRST("r2", "32", "r8") THIMBLE_DEPTHWISE_NEXT("r2", "48", "r8")
      THIMBLE_DEPTHWISE_NEXT("r2", "64", "r9")
      THIMBLE_DEPTHWISE_WIDEN
      THIMBLE_DEPTHWISE_END);
}

#endif
