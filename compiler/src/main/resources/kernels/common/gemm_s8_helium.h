/* Products of pixels and filters, int8, with M-profile vector instructions (MVE): of one pixel or
 * two, each K adjoining bytes, with all output channels. */
#ifndef THIMBLE_GEMM_S8_HELIUM_H
#define THIMBLE_GEMM_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_helium.h"

/* Channels lie in groups of eight, of which those of even index form one block of four and the
 * others the next; then come a block of four, if as many are left, and at most three single ones.
 * A block is [4][K % 16] of the last elements and then [K / 16][4][16]; a single channel is [K].
 * 15 bytes after the last one may be read. The tables of their scale are in the same order. */
typedef struct {
  const int8_t *filter;
  int32_t depth;    /* K */
  int32_t channels; /* O */
  int32_t held;     /* the blocks whose sums are held at a time, an even number */
  uint8_t small;    /* whether thimble_gemm_small takes it: it lies as that wants it */
} thimble_gemm;

/* What the assembly takes; the order of the first twelve is known there. */
typedef struct {
  const int8_t *filter;
  const int32_t *bias;
  int32_t *sums;
  uint32_t entry; /* into a block's code, relative to that of the last elements */
  uint32_t inner; /* into the loop, likewise */
  int32_t loops;
  const int32_t *end; /* of the sums */
  const int8_t *first;
  const int8_t *second;
  const int8_t *first_last; /* the last elements */
  const int8_t *second_last;
  int32_t last; /* how many there are */
  const thimble_gemm *gemm;
  const thimble_scale *scale;
  int32_t *memory; /* for sums, [held][pixels][4] */
  void (*store)(const thimble_scale_block *block); /* or null where several calls are needed */
  thimble_scale_block stored;
} thimble_gemm_blocks;

/* 16 elements of four filters and two pixels. VMLADAVA sums into even registers only; the odd ones
 * hold the pointers. */
#define THIMBLE_GEMM_2_STEP                                                                        \
  "vldrb.u8 q0, [r3], #16\n\t"                                                                     \
  "vldrb.u8 q2, [r1], #16\n\t"                                                                     \
  "vldrb.u8 q1, [r5], #16\n\t"                                                                     \
  "vmladava.s8 r0, q0, q2\n\t"                                                                     \
  "vldrb.u8 q3, [r1], #16\n\t"                                                                     \
  "vmladava.s8 r8, q1, q2\n\t"                                                                     \
  "vldrb.u8 q2, [r1], #16\n\t"                                                                     \
  "vmladava.s8 r2, q0, q3\n\t"                                                                     \
  "vmladava.s8 r10, q1, q3\n\t"                                                                    \
  "vldrb.u8 q3, [r1], #16\n\t"                                                                     \
  "vmladava.s8 r4, q0, q2\n\t"                                                                     \
  "vmladava.s8 r12, q1, q2\n\t"                                                                    \
  "vmladava.s8 r6, q0, q3\n\t"                                                                     \
  "vmladava.s8 lr, q1, q3\n\t"

/* The last elements of one filter; what is loaded beyond them meets zeros. */
#define THIMBLE_GEMM_2_LAST(a, b)                                                                  \
  "vldrb.u8 q2, [r1]\n\t"                                                                          \
  "add.w r1, r1, r9\n\t"                                                                           \
  "vmladava.s8 " a ", q0, q2\n\t"                                                                  \
  "vmladava.s8 " b ", q1, q2\n\t"

#define THIMBLE_GEMM_2_LAST_BYTES 100u
#define THIMBLE_GEMM_2_STEP_BYTES 56u

/* Sums of blocks for two pixels, [block][pixel][4]. The loop over K is four steps long and entered
 * where the remainder wants it. */
static THIMBLE_NAKED void thimble_gemm_two(
    const thimble_gemm_blocks *blocks __attribute__((unused))) {
  __asm__ volatile(
      "push {r4-r11, lr}\n\t"
      "ldm r0!, {r1, r7, r11}\n\t"
      "ldm r0, {r2, r3, r4, r5, r6, r8, r9, r10, r12}\n\t"
      "adr.w r0, 2f\n\t"
      "add r2, r2, r0\n\t"
      "add r3, r3, r0\n\t"
      "push.w {r2, r3, r4, r5, r6, r8, r9, r10, r12}\n\t"
      "1:\n\t"
      "ldm.w r7, {r0, r2, r4, r6}\n\t"
      "ldm.w r7!, {r8, r10, r12, lr}\n\t"
      "ldrd r3, r5, [sp, #16]\n\t"
      "ldr.w r9, [sp, #8]\n\t"
      "ldr.w pc, [sp]\n\t"
      ".p2align 2\n\t"
      "2:\n\t"
      "ldr.w r9, [sp, #32]\n\t"
      "ldrd r3, r5, [sp, #24]\n\t"
      "vctp.8 r9\n\t"
      "vpstt\n\t"
      "vldrbt.u8 q0, [r3]\n\t"
      "vldrbt.u8 q1, [r5]\n\t" THIMBLE_GEMM_2_LAST("r0", "r8") THIMBLE_GEMM_2_LAST("r2", "r10")
          THIMBLE_GEMM_2_LAST("r4", "r12") THIMBLE_GEMM_2_LAST("r6", "lr")
      "ldrd r3, r5, [sp, #16]\n\t"
      "ldr.w r9, [sp, #8]\n\t"
      "ldr.w pc, [sp, #4]\n\t"
      "3:\n\t" THIMBLE_GEMM_2_STEP THIMBLE_GEMM_2_STEP THIMBLE_GEMM_2_STEP THIMBLE_GEMM_2_STEP
      "subs.w r9, r9, #1\n\t"
      "bne.w 3b\n\t"
      "stm.w r11!, {r0, r2, r4, r6, r8, r10, r12, lr}\n\t"
      "ldr.w r9, [sp, #12]\n\t"
      "cmp r11, r9\n\t"
      "bne.w 1b\n\t"
      "add sp, #36\n\t"
      "pop {r4-r11, pc}\n\t");
}

#define THIMBLE_GEMM_1_STEP                                                                        \
  "vldrb.u8 q0, [r3], #16\n\t"                                                                     \
  "vldrb.u8 q2, [r1], #16\n\t"                                                                     \
  "vldrb.u8 q3, [r1], #16\n\t"                                                                     \
  "vmladava.s8 r0, q0, q2\n\t"                                                                     \
  "vldrb.u8 q2, [r1], #16\n\t"                                                                     \
  "vmladava.s8 r2, q0, q3\n\t"                                                                     \
  "vldrb.u8 q3, [r1], #16\n\t"                                                                     \
  "vmladava.s8 r4, q0, q2\n\t"                                                                     \
  "vmladava.s8 r6, q0, q3\n\t"

#define THIMBLE_GEMM_1_LAST(a)                                                                     \
  "vldrb.u8 q2, [r1]\n\t"                                                                          \
  "add.w r1, r1, r9\n\t"                                                                           \
  "vmladava.s8 " a ", q0, q2\n\t"

#define THIMBLE_GEMM_1_LAST_BYTES 68u
#define THIMBLE_GEMM_1_STEP_BYTES 36u

/* As thimble_gemm_two, for one pixel: [block][4]. */
static THIMBLE_NAKED void thimble_gemm_one(
    const thimble_gemm_blocks *blocks __attribute__((unused))) {
  __asm__ volatile(
      "push {r4-r11, lr}\n\t"
      "ldm r0!, {r1, r7, r11}\n\t"
      "ldm r0, {r2, r3, r4, r5, r6, r8, r9, r10, r12}\n\t"
      "push.w {r5, r9}\n\t"
      "adr.w r0, 2f\n\t"
      "add.w r8, r2, r0\n\t"
      "add.w r10, r3, r0\n\t"
      "mov r9, r12\n\t"
      "mov r12, r4\n\t"
      "mov r5, r6\n\t"
      "1:\n\t"
      "ldm.w r7!, {r0, r2, r4, r6}\n\t"
      "mov r3, r5\n\t"
      "mov lr, r12\n\t"
      "bx r8\n\t"
      ".p2align 2\n\t"
      "2:\n\t"
      "ldr.w r3, [sp, #4]\n\t"
      "vctp.8 r9\n\t"
      "vpst\n\t"
      "vldrbt.u8 q0, [r3]\n\t" THIMBLE_GEMM_1_LAST("r0") THIMBLE_GEMM_1_LAST("r2")
          THIMBLE_GEMM_1_LAST("r4") THIMBLE_GEMM_1_LAST("r6")
      "mov r3, r5\n\t"
      "bx r10\n\t"
      "3:\n\t" THIMBLE_GEMM_1_STEP THIMBLE_GEMM_1_STEP THIMBLE_GEMM_1_STEP THIMBLE_GEMM_1_STEP
      "le lr, 3b\n\t"
      "stm.w r11!, {r0, r2, r4, r6}\n\t"
      "ldr.w r3, [sp]\n\t"
      "cmp r11, r3\n\t"
      "bne.w 1b\n\t"
      "add sp, #8\n\t"
      "pop {r4-r11, pc}\n\t");
}

/* Fills in what is the same for all pixels. Code addresses have their lowest bit set. */
static THIMBLE_NOINLINE void thimble_gemm_begin(thimble_gemm_blocks *blocks, int32_t pixels) {
  const thimble_gemm *g = blocks->gemm;
  const thimble_scale *s = blocks->scale;
  int32_t count = g->channels / 8 * 2 + (g->channels & 4) / 4;
  uint32_t steps = (uint32_t)g->depth / 16;
  uint32_t last = (uint32_t)g->depth % 16;
  uint32_t inner = pixels == 2 ? THIMBLE_GEMM_2_LAST_BYTES : THIMBLE_GEMM_1_LAST_BYTES;
  uint32_t step = pixels == 2 ? THIMBLE_GEMM_2_STEP_BYTES : THIMBLE_GEMM_1_STEP_BYTES;
  if (steps > 0) {
    inner += (-steps & 3) * step;
  } else {
    inner += 4 * step + (pixels == 2 ? 8 : 4);
  }
  blocks->inner = inner | 1;
  blocks->entry = last > 0 ? 1 : inner | 1;
  blocks->loops = (int32_t)((steps + 3) / 4);
  blocks->last = (int32_t)last;
  blocks->store = 0;
  if (pixels == 2 && count > 1 && count <= g->held && s->mode != THIMBLE_SCALE_ANY) {
    blocks->store = s->mode == THIMBLE_SCALE_PLAIN ? thimble_scale_two_plain
                                                   : thimble_scale_two_ties;
    blocks->filter = g->filter;
    blocks->bias = s->bias;
    blocks->sums = blocks->memory;
    blocks->end = blocks->memory + 8 * count;
    blocks->stored.sums = blocks->memory;
    blocks->stored.multiplier = s->multiplier;
    blocks->stored.right = s->right;
    blocks->stored.zero_point = s->zero_point;
    blocks->stored.groups = count / 2;
  }
}

/* The products of one to three single filters and two pixels. */
static THIMBLE_SPECIALIZED void thimble_gemm_singles(const int8_t *first, const int8_t *second,
                                                     const int8_t *w, int32_t depth,
                                                     const int32_t *bias, int32_t *sums,
                                                     int32_t lanes) {
  int32_t a0 = bias[0], b0 = a0, a1 = 0, b1 = 0, a2 = 0, b2 = 0;
  const int8_t *w1 = w + depth;
  const int8_t *w2 = w1 + depth;
  if (lanes > 1) {
    a1 = b1 = bias[1];
  }
  if (lanes > 2) {
    a2 = b2 = bias[2];
  }
  for (int32_t left = depth; left > 0; left -= 16) {
    mve_pred16_t some = vctp8q((uint32_t)left);
    int8x16_t x0 = vldrbq_z_s8(first, some);
    int8x16_t x1 = vldrbq_z_s8(second, some);
    int8x16_t v = vldrbq_z_s8(w, some);
    a0 = vmladavaq_p_s8(a0, x0, v, some);
    b0 = vmladavaq_p_s8(b0, x1, v, some);
    if (lanes > 1) {
      v = vldrbq_z_s8(w1, some);
      a1 = vmladavaq_p_s8(a1, x0, v, some);
      b1 = vmladavaq_p_s8(b1, x1, v, some);
      w1 += 16;
    }
    if (lanes > 2) {
      v = vldrbq_z_s8(w2, some);
      a2 = vmladavaq_p_s8(a2, x0, v, some);
      b2 = vmladavaq_p_s8(b2, x1, v, some);
      w2 += 16;
    }
    first += 16;
    second += 16;
    w += 16;
  }
  sums[0] = a0;
  sums[1] = a1;
  sums[2] = a2;
  sums[4] = b0;
  sums[5] = b1;
  sums[6] = b2;
}

/* The channels that fill no group of eight. */
static THIMBLE_NOINLINE void thimble_gemm_rest(const thimble_gemm_blocks *blocks,
                                               const int32_t *sums, int8_t *const *out,
                                               int32_t pixels) {
  const thimble_gemm *g = blocks->gemm;
  const thimble_scale *s = blocks->scale;
  int8_t *to[2];
  int32_t channel = g->channels & ~7;
  int32_t lanes = g->channels & 3;
  to[0] = out[0] + channel;
  to[1] = out[1] + channel;
  if (g->channels & 4) {
    thimble_scale_rest(s, sums, channel, 4, to, pixels);
    channel += 4;
    to[0] += 4;
    to[1] += 4;
  }
  if (lanes) {
    const int8_t *w = g->filter + channel * g->depth;
    const int32_t *bias = s->bias + channel;
    int32_t *single = blocks->memory;
    if (lanes == 1) {
      thimble_gemm_singles(blocks->first, blocks->second, w, g->depth, bias, single, 1);
    } else if (lanes == 2) {
      thimble_gemm_singles(blocks->first, blocks->second, w, g->depth, bias, single, 2);
    } else {
      thimble_gemm_singles(blocks->first, blocks->second, w, g->depth, bias, single, 3);
    }
    thimble_scale_rest(s, single, channel, lanes, to, pixels);
  }
}

/* Computes all channels of the pixels at blocks->first and second to out[0] and out[1]; with
 * `pixels` 1 both are the same. */
static THIMBLE_SPECIALIZED void thimble_gemm_pixels(thimble_gemm_blocks *blocks, int8_t **out,
                                                    int32_t pixels) {
  const thimble_gemm *g = blocks->gemm;
  const thimble_scale *s = blocks->scale;
  int32_t left = g->channels / 8 * 2 + (g->channels & 4) / 4;
  thimble_scale_block scale;
  scale.multiplier = s->multiplier;
  scale.right = s->right;
  scale.out[0] = out[0];
  scale.out[1] = out[1];
  scale.zero_point = s->zero_point;
  blocks->filter = g->filter;
  blocks->bias = s->bias;
  blocks->sums = blocks->memory;
  blocks->first_last = blocks->first + (g->depth - blocks->last);
  blocks->second_last = blocks->second + (g->depth - blocks->last);
  while (left > 0) {
    int32_t count = left < g->held ? left : g->held;
    blocks->end = blocks->memory + 4 * pixels * count;
    if (pixels == 2) {
      thimble_gemm_two(blocks);
    } else {
      thimble_gemm_one(blocks);
    }
    left -= count;
    scale.sums = blocks->memory;
    scale.groups = count / 2;
    if (count > 1) {
      thimble_scale_blocks(s, &scale, pixels);
    }
    if (left > 0) {
      blocks->filter += 4 * count * g->depth;
      blocks->bias += 4 * count;
      scale.multiplier += 4 * count;
      scale.right += 4 * count;
      scale.out[0] += 4 * count;
      scale.out[1] += 4 * count;
    }
  }
  if (g->channels & 7) {
    thimble_gemm_rest(blocks, blocks->end - 4 * pixels, out, pixels);
  }
}

static THIMBLE_NOINLINE void thimble_gemm_several(thimble_gemm_blocks *blocks, int8_t **out) {
  thimble_gemm_pixels(blocks, out, 2);
}

/* Two pixels. */
static THIMBLE_INLINE void thimble_gemm_pair(thimble_gemm_blocks *blocks, int8_t **out) {
  if (!blocks->store) {
    thimble_gemm_several(blocks, out);
    return;
  }
  blocks->first_last = blocks->first + (blocks->gemm->depth - blocks->last);
  blocks->second_last = blocks->second + (blocks->gemm->depth - blocks->last);
  thimble_gemm_two(blocks);
  blocks->stored.out[0] = out[0];
  blocks->stored.out[1] = out[1];
  blocks->store(&blocks->stored);
  if (blocks->gemm->channels & 7) {
    thimble_gemm_rest(blocks, blocks->end - 8, out, 2);
  }
}

/* One pixel. */
static THIMBLE_NOINLINE void thimble_gemm_last(thimble_gemm_blocks *blocks, int8_t **out) {
  thimble_gemm_pixels(blocks, out, 1);
}

#endif
