/* Products of pixels of at most 48 adjoining bytes with the filters of all output channels, int8,
 * with M-profile vector instructions (MVE): two pixels are held in registers while the filters pass
 * by, and their sums are requantised at once. */
#ifndef THIMBLE_GEMM_SMALL_S8_HELIUM_H
#define THIMBLE_GEMM_SMALL_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/gemm_s8_helium.h"
#include "common/scale_s8_helium.h"

/* The most elements of a pixel. */
#define THIMBLE_GEMM_SMALL 48

/* What the assembly takes; its order is known there. Filters are [O][K], O a multiple of eight, in
 * the order of the sums; up to 15 bytes after the last one are read. */
typedef struct {
  const int8_t *first;
  int32_t second;       /* from the first pixel of a pair to the second */
  int32_t step;         /* from one pair to the next */
  int32_t pairs;
  int32_t last;         /* the elements of a pixel's last vector, 1 to 16 */
  const int8_t *filter;
  const int32_t *bias;
  int32_t *sums;        /* of a pair */
  const int32_t *end;   /* of the sums */
  int32_t next;         /* from a filter's last vector to the next filter */
  const int32_t *multiplier;
  const int8_t *right;
  int8_t *out;
  int32_t out_second;   /* from the first pixel's output to the second's */
  int32_t zero_point;
  int32_t groups;       /* of eight channels */
  int32_t ties;         /* whether the mode is THIMBLE_SCALE_TIES */
} thimble_gemm_pairs;

#define THIMBLE_SMALL_BEGIN           \
  "push {r4-r11, lr}\n\t"             \
  "vpush {d8-d15}\n\t"                \
  "push {r0, r1}\n\t"                 \
  "1:\n\t"                            \
  "ldrd r1, r3, [r0]\n\t"             \
  "add r3, r1\n\t"                    \
  "ldr r5, [r0, #16]\n\t"             \
  "vctp.8 r5\n\t"

/* The sums of four channels begin with their biases. */
#define THIMBLE_SMALL_BLOCK                   \
  "ldrd r1, r7, [r0, #20]\n\t"                \
  "ldrd r11, r5, [r0, #28]\n\t"               \
  "ldr.w r9, [r0, #36]\n\t"                   \
  "2:\n\t"                                    \
  "ldm.w r7, {r0, r2, r4, r6}\n\t"            \
  "ldm.w r7!, {r8, r10, r12, lr}\n\t"

/* Requantises a pair and goes on to the next. */
#define THIMBLE_SMALL_END                                              \
  "stm.w r11!, {r0, r2, r4, r6, r8, r10, r12, lr}\n\t"                 \
  "cmp r11, r5\n\t"                                                    \
  "bne 2b\n\t"                                                         \
  "ldr r6, [sp]\n\t"                                                   \
  "add.w r12, r6, #40\n\t"                                             \
  "ldm.w r12, {r1, r2, r3, r4, r5, lr}\n\t"                            \
  "ldr r0, [r6, #28]\n\t"                                              \
  "ldr r7, [r6, #64]\n\t"                                              \
  "add r4, r3\n\t"                                                     \
  "cbnz r7, 4f\n\t"                                                    \
  "3:\n\t" THIMBLE_SCALE_TWO_GROUP(THIMBLE_SCALE_WHOLE, THIMBLE_SCALE_NO_TIES)   \
  "le lr, 3b\n\t"                                                      \
  "b 5f\n\t"                                                           \
  "4:\n\t" THIMBLE_SCALE_TWO_GROUP(THIMBLE_SCALE_WHOLE, THIMBLE_SCALE_WITH_TIES) \
  "le lr, 4b\n\t"                                                      \
  "5:\n\t"                                                             \
  "str r4, [r6, #48]\n\t"                                              \
  "ldr r1, [r6]\n\t"                                                   \
  "ldrd r2, r3, [r6, #8]\n\t"                                          \
  "add r1, r2\n\t"                                                     \
  "str r1, [r6]\n\t"                                                   \
  "mov r0, r6\n\t"                                                     \
  "subs r3, #1\n\t"                                                    \
  "str r3, [r6, #12]\n\t"                                              \
  "bne.w 1b\n\t"                                                       \
  "add sp, #8\n\t"                                                     \
  "vpop {d8-d15}\n\t"                                                  \
  "pop {r4-r11, pc}\n\t"

/* A channel's products with pixels of one vector. */
#define THIMBLE_SMALL_1(a, b)             \
  "vldrb.u8 q7, [r1]\n\t"                 \
  "add r1, r9\n\t"                        \
  "vmladava.s8 " a ", q0, q7\n\t"         \
  "vmladava.s8 " b ", q1, q7\n\t"

static THIMBLE_NAKED void thimble_gemm_small_1(
    thimble_gemm_pairs *pairs THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_SMALL_BEGIN
                   "vpstt\n\t"
                   "vldrbt.u8 q0, [r1]\n\t"
                   "vldrbt.u8 q1, [r3]\n\t" THIMBLE_SMALL_BLOCK
                   THIMBLE_SMALL_1("r0", "r8") THIMBLE_SMALL_1("r2", "r10")
                   THIMBLE_SMALL_1("r4", "r12") THIMBLE_SMALL_1("r6", "lr") THIMBLE_SMALL_END);
}

/* Of two vectors. */
#define THIMBLE_SMALL_2(a, b)             \
  "vldrb.u8 q6, [r1], #16\n\t"            \
  "vldrb.u8 q7, [r1]\n\t"                 \
  "vmladava.s8 " a ", q0, q6\n\t"         \
  "add r1, r9\n\t"                        \
  "vmladava.s8 " b ", q1, q6\n\t"         \
  "vmladava.s8 " a ", q2, q7\n\t"         \
  "vmladava.s8 " b ", q3, q7\n\t"

static THIMBLE_NAKED void thimble_gemm_small_2(
    thimble_gemm_pairs *pairs THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_SMALL_BEGIN
                   "vldrb.u8 q0, [r1], #16\n\t"
                   "vldrb.u8 q1, [r3], #16\n\t"
                   "vpstt\n\t"
                   "vldrbt.u8 q2, [r1]\n\t"
                   "vldrbt.u8 q3, [r3]\n\t" THIMBLE_SMALL_BLOCK
                   THIMBLE_SMALL_2("r0", "r8") THIMBLE_SMALL_2("r2", "r10")
                   THIMBLE_SMALL_2("r4", "r12") THIMBLE_SMALL_2("r6", "lr") THIMBLE_SMALL_END);
}

/* Of three vectors. */
#define THIMBLE_SMALL_3(a, b)             \
  "vldrb.u8 q6, [r1], #16\n\t"            \
  "vldrb.u8 q7, [r1], #16\n\t"            \
  "vmladava.s8 " a ", q0, q6\n\t"         \
  "vmladava.s8 " b ", q1, q6\n\t"         \
  "vldrb.u8 q6, [r1]\n\t"                 \
  "vmladava.s8 " a ", q2, q7\n\t"         \
  "add r1, r9\n\t"                        \
  "vmladava.s8 " b ", q3, q7\n\t"         \
  "vmladava.s8 " a ", q4, q6\n\t"         \
  "vmladava.s8 " b ", q5, q6\n\t"

static THIMBLE_NAKED void thimble_gemm_small_3(
    thimble_gemm_pairs *pairs THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_SMALL_BEGIN
                   "vldrb.u8 q0, [r1], #16\n\t"
                   "vldrb.u8 q1, [r3], #16\n\t"
                   "vldrb.u8 q2, [r1], #16\n\t"
                   "vldrb.u8 q3, [r3], #16\n\t"
                   "vpstt\n\t"
                   "vldrbt.u8 q4, [r1]\n\t"
                   "vldrbt.u8 q5, [r3]\n\t" THIMBLE_SMALL_BLOCK
                   THIMBLE_SMALL_3("r0", "r8") THIMBLE_SMALL_3("r2", "r10")
                   THIMBLE_SMALL_3("r4", "r12") THIMBLE_SMALL_3("r6", "lr") THIMBLE_SMALL_END);
}

/* Computes all channels of so many pixels, `step` bytes apart, to adjoining ones of the output. */
static THIMBLE_NOINLINE void thimble_gemm_small(const thimble_gemm *g, const thimble_scale *s,
                                                const int8_t *first, int32_t step, int32_t count,
                                                int8_t *out, int32_t *sums) {
  int32_t vectors = (g->depth + 15) / 16;
  thimble_gemm_pairs pairs;
  pairs.first = first;
  pairs.second = step;
  pairs.step = 2 * step;
  pairs.pairs = count / 2;
  pairs.next = g->depth - 16 * (vectors - 1);
  pairs.last = pairs.next;
  pairs.filter = g->filter;
  pairs.bias = s->bias;
  pairs.sums = sums;
  pairs.end = sums + 2 * g->channels;
  pairs.multiplier = s->multiplier;
  pairs.right = s->right;
  pairs.out = out;
  pairs.out_second = g->channels;
  pairs.zero_point = s->zero_point;
  pairs.groups = g->channels / 8;
  pairs.ties = s->mode == THIMBLE_SCALE_TIES;
  for (;;) {
    if (pairs.pairs > 0) {
      if (vectors == 1) {
        thimble_gemm_small_1(&pairs);
      } else if (vectors == 2) {
        thimble_gemm_small_2(&pairs);
      } else {
        thimble_gemm_small_3(&pairs);
      }
    }
    if (!(count & 1)) {
      return;
    }
    /* The last pixel is computed twice. */
    count = 0;
    pairs.pairs = 1;
    pairs.second = 0;
    pairs.out_second = 0;
  }
}

#endif
