/* Products of two pixels, each K adjoining bytes, and filters of 4-bit elements with M-profile vector
 * instructions (MVE).
 *
 * Channels lie in groups of eight, of which those of even index form one block of four and the
 * others the next; the others follow in blocks, the last of which is filled up with zeros. A block has a vector of
 * each channel for every 32 elements: the lower halves of its bytes are the first 16, the upper
 * halves the others. Where 16 elements or less are left, two vectors follow, the first of which has
 * those of channel 0 in the lower halves and of channel 1 in the upper ones, the second those of
 * channels 2 and 3; where more than 16 are left, they are filled up to 32. */
#ifndef THIMBLE_NIBBLES_S8_HELIUM_H
#define THIMBLE_NIBBLES_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_helium.h"

/* The tables of scale are in the channels' order and filled up to blocks; biases come times 16, as
 * sums do. */
typedef struct {
  const int8_t *filter;
  int32_t depth;    /* K */
  int32_t channels; /* O */
} thimble_nibbles;

/* The blocks whose sums are held at a time, an even number. */
#define THIMBLE_NIBBLES_HELD 8

/* What the assembly takes; the order of the first ten is known there. */
typedef struct {
  const int8_t *filter;
  const int32_t *bias;
  int32_t *sums;
  uint32_t entry; /* into the loop's code */
  int32_t tail;   /* what is left behind the loop: 0 nothing, 1 up to 16 elements, 2 up to 32 */
  int32_t loops;
  const int32_t *end; /* of the sums */
  const int8_t *first;
  const int8_t *second;
  int32_t last; /* the elements of the last vector */
  const thimble_nibbles *gemm;
  const thimble_scale *scale;
} thimble_nibbles_blocks;

/* One channel's elements in `both` meet two vectors of each pixel, and those of the next channel are
 * loaded to `next`. An element is the upper half of a byte, and so 16 times itself. */
#define THIMBLE_NIBBLES_CHANNEL(both, next, a, b) \
  "vshl.i8 q5, " both ", #4\n\t"                  \
  next                                            \
  "vand " both ", " both ", q7\n\t"               \
  "vmladava.s8 " a ", q0, q5\n\t"                 \
  "vmladava.s8 " b ", q2, q5\n\t"                 \
  "vmladava.s8 " a ", q1, " both "\n\t"           \
  "vmladava.s8 " b ", q3, " both "\n\t"

#define THIMBLE_NIBBLES_LOAD(to) "vldrb.u8 " to ", [r1], #16\n\t"

/* A block's four channels, of which the first one's elements are in q4. */
#define THIMBLE_NIBBLES_BLOCK                                                  \
  THIMBLE_NIBBLES_CHANNEL("q4", THIMBLE_NIBBLES_LOAD("q6"), "r0", "r8")        \
  THIMBLE_NIBBLES_CHANNEL("q6", THIMBLE_NIBBLES_LOAD("q4"), "r2", "r10")       \
  THIMBLE_NIBBLES_CHANNEL("q4", THIMBLE_NIBBLES_LOAD("q6"), "r4", "r12")       \
  THIMBLE_NIBBLES_CHANNEL("q6", "", "r6", "lr")

/* 32 elements. */
#define THIMBLE_NIBBLES_STEP     \
  "vldrb.u8 q0, [r3], #16\n\t"   \
  THIMBLE_NIBBLES_LOAD("q4")     \
  "vldrb.u8 q1, [r3], #16\n\t"   \
  "vldrb.u8 q2, [r5], #16\n\t"   \
  "vldrb.u8 q3, [r5], #16\n\t"   \
  THIMBLE_NIBBLES_BLOCK

/* Up to 16 elements of two channels. */
#define THIMBLE_NIBBLES_LAST(a, b, c, d) \
  THIMBLE_NIBBLES_LOAD("q4")             \
  "vshl.i8 q5, q4, #4\n\t"               \
  "vand q4, q4, q7\n\t"                  \
  "vmladava.s8 " a ", q0, q5\n\t"        \
  "vmladava.s8 " b ", q2, q5\n\t"        \
  "vmladava.s8 " c ", q0, q4\n\t"        \
  "vmladava.s8 " d ", q2, q4\n\t"

#define THIMBLE_NIBBLES_STEP_BYTES 128u

/* Sums of blocks for two pixels, times 16: [block][pixel][4]. The loop over K is two steps long and
 * entered where the remainder wants it. */
static THIMBLE_NAKED void
thimble_nibbles_two(const thimble_nibbles_blocks *blocks __attribute__((unused))) {
  __asm__ volatile(
      "push {r4-r11, lr}\n\t"
      "vpush {d8-d15}\n\t"
      "ldm r0!, {r1, r7, r11}\n\t"
      "ldm r0, {r2, r3, r4, r5, r6, r8, r9}\n\t"
      "adr.w r0, 2f\n\t"
      "add r2, r2, r0\n\t"
      "adr.w r0, 3f\n\t"
      "cmp r3, #1\n\t"
      "it eq\n\t"
      "adreq.w r0, 4f\n\t"
      "it hi\n\t"
      "adrhi.w r0, 5f\n\t"
      "add r3, r0, #1\n\t"
      "push.w {r2, r3, r4, r5, r6, r8, r9}\n\t"
      "mov r0, #0xF0\n\t"
      "vdup.8 q7, r0\n\t"
      "1:\n\t"
      "ldm.w r7, {r0, r2, r4, r6}\n\t"
      "ldm.w r7!, {r8, r10, r12, lr}\n\t"
      "ldrd r3, r5, [sp, #16]\n\t"
      "ldr.w r9, [sp, #8]\n\t"
      "ldr.w pc, [sp]\n\t"
      ".p2align 2\n\t"
      "2:\n\t" THIMBLE_NIBBLES_STEP THIMBLE_NIBBLES_STEP
      "subs.w r9, r9, #1\n\t"
      "bne.w 2b\n\t"
      "ldr.w pc, [sp, #4]\n\t"
      ".p2align 2\n\t"
      "4:\n\t"
      "ldr.w r9, [sp, #24]\n\t"
      "vctp.8 r9\n\t"
      "vpstt\n\t"
      "vldrbt.u8 q0, [r3]\n\t"
      "vldrbt.u8 q2, [r5]\n\t" THIMBLE_NIBBLES_LAST("r0", "r8", "r2", "r10")
          THIMBLE_NIBBLES_LAST("r4", "r12", "r6", "lr")
      "b.w 3f\n\t"
      ".p2align 2\n\t"
      "5:\n\t"
      "ldr.w r9, [sp, #24]\n\t"
      "vldrb.u8 q0, [r3]\n\t"
      "vldrb.u8 q2, [r5]\n\t"
      "vctp.8 r9\n\t"
      "vpstt\n\t"
      "vldrbt.u8 q1, [r3, #16]\n\t"
      "vldrbt.u8 q3, [r5, #16]\n\t"
      THIMBLE_NIBBLES_LOAD("q4") THIMBLE_NIBBLES_BLOCK
      ".p2align 2\n\t"
      "3:\n\t"
      "stm.w r11!, {r0, r2, r4, r6, r8, r10, r12, lr}\n\t"
      "ldr.w r9, [sp, #12]\n\t"
      "cmp r11, r9\n\t"
      "bne.w 1b\n\t"
      "add sp, #28\n\t"
      "vpop {d8-d15}\n\t"
      "pop {r4-r11, pc}\n\t");
}

static THIMBLE_NAKED void thimble_nibbles_plain(
    const thimble_scale_block *block THIMBLE_ASSEMBLY_READS) {
  THIMBLE_SCALE_TWO_LOOP(THIMBLE_SCALE_SIXTEENTHS, THIMBLE_SCALE_NO_TIES);
}

static THIMBLE_NAKED void thimble_nibbles_ties(
    const thimble_scale_block *block THIMBLE_ASSEMBLY_READS) {
  THIMBLE_SCALE_TWO_LOOP(THIMBLE_SCALE_SIXTEENTHS, THIMBLE_SCALE_WITH_TIES);
}

/* Fills in what is the same for all pixels. Code addresses have their lowest bit set. */
static THIMBLE_INLINE void thimble_nibbles_begin(thimble_nibbles_blocks *blocks,
                                                 const thimble_nibbles *g,
                                                 const thimble_scale *s) {
  uint32_t steps = (uint32_t)g->depth / 32;
  int32_t left = g->depth & 31;
  blocks->gemm = g;
  blocks->scale = s;
  blocks->loops = (int32_t)((steps + 1) / 2);
  blocks->entry = steps == 0 ? 2 * THIMBLE_NIBBLES_STEP_BYTES + 9
                             : (steps & 1) * THIMBLE_NIBBLES_STEP_BYTES + 1;
  blocks->tail = left == 0 ? 0 : left <= 16 ? 1 : 2;
  blocks->last = left <= 16 ? left : left - 16;
}

/* Sums by themselves, four at a time. */
static THIMBLE_INLINE void thimble_nibbles_divide(int32_t *sums, int32_t count) {
  for (int32_t *end = sums + count; sums < end; sums += 4) {
    vstrwq_s32(sums, vshrq_n_s32(vldrwq_s32(sums), 4));
  }
}

/* The blocks that form no group. */
static THIMBLE_NOINLINE void thimble_nibbles_rest(const thimble_nibbles_blocks *blocks,
                                                  int32_t *sums, int32_t count, int32_t channel,
                                                  int8_t *const *out) {
  int8_t *to[2];
  thimble_nibbles_divide(sums, 8 * count);
  for (; count > 0; --count, channel += 4, sums += 8) {
    int32_t lanes = blocks->gemm->channels - channel;
    to[0] = out[0] + channel;
    to[1] = out[1] + channel;
    thimble_scale_rest(blocks->scale, sums, channel, lanes < 4 ? lanes : 4, to, 2);
  }
}

/* All channels of the pixels at blocks->first and second to out[0] and out[1]; of one pixel, both are
 * the same. */
static THIMBLE_NOINLINE void thimble_nibbles_pair(thimble_nibbles_blocks *blocks,
                                                  int8_t *const *out) {
  const thimble_nibbles *g = blocks->gemm;
  const thimble_scale *s = blocks->scale;
  int32_t grouped = g->channels / 8 * 2;
  int32_t all = (g->channels + 3) / 4;
  thimble_scale_block scale;
  int32_t sums[THIMBLE_NIBBLES_HELD * 8];
  int32_t count;
  scale.zero_point = s->zero_point;
  scale.sums = sums;
  blocks->filter = g->filter;
  blocks->bias = s->bias;
  blocks->sums = sums;
  for (int32_t block = 0; block < all; block += count) {
    count = all - block < THIMBLE_NIBBLES_HELD ? all - block : THIMBLE_NIBBLES_HELD;
    blocks->end = sums + 8 * count;
    thimble_nibbles_two(blocks);
    blocks->filter += count * (g->depth / 32 * 64 + 32 * blocks->tail);
    blocks->bias += 4 * count;
    scale.groups = (block + count <= grouped ? count : grouped - block) / 2;
    scale.multiplier = s->multiplier + 4 * block;
    scale.right = s->right + 4 * block;
    scale.out[0] = out[0] + 4 * block;
    scale.out[1] = out[1] + 4 * block;
    if (scale.groups <= 0) {
      scale.groups = 0;
    } else if (s->mode == THIMBLE_SCALE_ANY) {
      thimble_nibbles_divide(sums, 16 * scale.groups);
      thimble_scale_any(s, &scale, 2);
    } else if (s->mode == THIMBLE_SCALE_PLAIN) {
      thimble_nibbles_plain(&scale);
    } else {
      thimble_nibbles_ties(&scale);
    }
    if (2 * scale.groups < count) {
      thimble_nibbles_rest(blocks, sums + 16 * scale.groups, count - 2 * scale.groups,
                           4 * (block + 2 * scale.groups), out);
    }
  }
}

#endif
