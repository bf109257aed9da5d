/* The inner loops of depthwise convolutions whose taps fit one vector, int8, with M-profile vector
 * instructions (MVE). A map's rows are interleaved byte by byte, so that a word holds a column of
 * taps and one gathering load fetches all taps of an output. */
#ifndef THIMBLE_DEPTHWISE_TAPS_S8_HELIUM_H
#define THIMBLE_DEPTHWISE_TAPS_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_helium.h"

/* Sums of units of eight pixels, [units][channels][8]. What the assembly takes; its order is known
 * there. */
typedef struct {
  uint32_t address[4][4]; /* of four columns of taps each, less 4; they advance by channels */
  const int8_t *filter;   /* [channels][16] */
  const int8_t *end;      /* of the filter */
  int32_t *sums;
  int32_t units;
  uint32_t advance; /* from the last channel of a unit to the first of the next */
} thimble_taps;

#define THIMBLE_TAPS_BEGIN        \
  "push {r4-r11, lr}\n\t"         \
  "vpush {d8-d15}\n\t"            \
  "vldrw.u32 q0, [r0]\n\t"        \
  "vldrw.u32 q1, [r0, #16]\n\t"   \
  "vldrw.u32 q2, [r0, #32]\n\t"   \
  "vldrw.u32 q3, [r0, #48]\n\t"   \
  "ldr r1, [r0, #64]\n\t"         \
  "mov r9, r1\n\t"                \
  "ldr r3, [r0, #68]\n\t"         \
  "ldr.w r11, [r0, #72]\n\t"      \
  "ldr r7, [r0, #76]\n\t"         \
  "ldr r5, [r0, #80]\n\t"         \
  "1:\n\t"

/* Closes the loop over channels, and that over units. */
#define THIMBLE_TAPS_END          \
  "cmp r1, r3\n\t"                \
  "bne 1b\n\t"                    \
  "vadd.i32 q0, q0, r5\n\t"       \
  "vadd.i32 q1, q1, r5\n\t"       \
  "vadd.i32 q2, q2, r5\n\t"       \
  "vadd.i32 q3, q3, r5\n\t"       \
  "mov r1, r9\n\t"                \
  "subs r7, #1\n\t"               \
  "bne 1b\n\t"                    \
  "vpop {d8-d15}\n\t"             \
  "pop {r4-r11, pc}\n\t"

/* A channel's taps for the first of two pixels, [w0, w1, w2, 0], and for the second, [0, w0, w1,
 * w2]: they lie in memory as [0, w0, w1, w2], and another channel, or a zero, follows. */
#define THIMBLE_TAPS_FILTERS      \
  "vldrb.u8 q4, [r1, #4]\n\t"     \
  "vldrb.u8 q5, [r1], #16\n\t"

/* Two adjoining pixels, whose taps are in four adjoining columns. */
#define THIMBLE_TAPS_PAIR(address, data, a, b)   \
  "vldrw.u32 " data ", [" address ", #4]!\n\t"   \
  "vmladav.s8 " a ", " data ", q4\n\t"           \
  "vmladav.s8 " b ", " data ", q5\n\t"

/* Units of pixels in pairs: eight pixels, of three columns of taps at most. */
static THIMBLE_NAKED void thimble_taps_pairs4(const thimble_taps *taps THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_TAPS_BEGIN THIMBLE_TAPS_FILTERS
                   THIMBLE_TAPS_PAIR("q0", "q6", "r0", "r2")
                   THIMBLE_TAPS_PAIR("q1", "q7", "r4", "r6")
                   THIMBLE_TAPS_PAIR("q2", "q6", "r8", "r10")
                   THIMBLE_TAPS_PAIR("q3", "q7", "r12", "lr")
                   "stm.w r11!, {r0, r2, r4, r6, r8, r10, r12, lr}\n\t"
                   THIMBLE_TAPS_END);
}

/* Of the first six pixels of a unit. */
static THIMBLE_NAKED void thimble_taps_pairs3(const thimble_taps *taps THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_TAPS_BEGIN THIMBLE_TAPS_FILTERS
                   THIMBLE_TAPS_PAIR("q0", "q6", "r0", "r2")
                   THIMBLE_TAPS_PAIR("q1", "q7", "r4", "r6")
                   THIMBLE_TAPS_PAIR("q2", "q6", "r8", "r10")
                   "stm.w r11, {r0, r2, r4, r6, r8, r10}\n\t"
                   "add.w r11, r11, #32\n\t"
                   THIMBLE_TAPS_END);
}

/* Of the first four. */
static THIMBLE_NAKED void thimble_taps_pairs2(const thimble_taps *taps THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_TAPS_BEGIN THIMBLE_TAPS_FILTERS
                   THIMBLE_TAPS_PAIR("q0", "q6", "r0", "r2")
                   THIMBLE_TAPS_PAIR("q1", "q7", "r4", "r6")
                   "stm.w r11, {r0, r2, r4, r6}\n\t"
                   "add.w r11, r11, #32\n\t"
                   THIMBLE_TAPS_END);
}

/* A pixel, whose taps are in any columns. */
#define THIMBLE_TAPS_SINGLE(address, data, a)    \
  "vldrw.u32 " data ", [" address ", #4]!\n\t"   \
  "vmladav.s8 " a ", " data ", q4\n\t"

/* Units of single pixels: of four pixels of each. */
static THIMBLE_NAKED void thimble_taps_singles(const thimble_taps *taps THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_TAPS_BEGIN
                   "vldrb.u8 q4, [r1], #16\n\t"
                   THIMBLE_TAPS_SINGLE("q0", "q6", "r0")
                   THIMBLE_TAPS_SINGLE("q1", "q7", "r2")
                   THIMBLE_TAPS_SINGLE("q2", "q6", "r4")
                   THIMBLE_TAPS_SINGLE("q3", "q7", "r6")
                   "stm.w r11, {r0, r2, r4, r6}\n\t"
                   "add.w r11, r11, #32\n\t"
                   THIMBLE_TAPS_END);
}

/* Sums to be stored: of each channel those of eight pixels. The assembly knows the order. */
typedef struct {
  uint16_t offsets[8];  /* of the pixels 0, 4, 1, 5, 2, 6, 3, 7 in the output */
  int16_t min[8];       /* the bounds of the stored output, in each lane */
  int16_t max[8];
  const int32_t *sums;
  const int32_t *scale; /* [channels][bias, multiplier, shift to the right, at most 0] */
  int8_t *out;
  int32_t channels;
  int32_t zero_point;
  int32_t units;
  int32_t advance; /* from the last channel of a unit to the first of the next */
  uint32_t mask;   /* of the pixels to be stored, two bits for each in the order of the offsets */
} thimble_taps_store;

#define THIMBLE_TAPS_STORE_BEGIN  \
  "push {r4-r11, lr}\n\t"         \
  "vpush {d8-d15}\n\t"            \
  "vldrh.u16 q3, [r0]\n\t"        \
  "vldrh.u16 q4, [r0, #16]\n\t"   \
  "vldrh.u16 q5, [r0, #32]\n\t"   \
  "add.w r12, r0, #48\n\t"        \
  "ldm.w r12, {r0, r1, r2, r3, r7, r8, r10, r11}\n\t" \
  "mov r9, r1\n\t"                \
  "vmsr p0, r11\n\t"              \
  "1:\n\t"                        \
  "dls lr, r3\n\t"                \
  "2:\n\t"

/* The sums of eight pixels, and their bias. */
#define THIMBLE_TAPS_LOAD         \
  "ldm r1!, {r4, r5, r6}\n\t"     \
  "vldrw.u32 q0, [r0], #16\n\t"   \
  "vldrw.u32 q1, [r0], #16\n\t"   \
  "vadd.i32 q0, q0, r4\n\t"       \
  "vadd.i32 q1, q1, r4\n\t"

#ifdef THIMBLE_SINGLE_ROUNDING
#define THIMBLE_TAPS_MULTIPLY     \
  "vdup.32 q6, r5\n\t"            \
  "vmulh.s32 q0, q0, q6\n\t"      \
  "vmulh.s32 q1, q1, q6\n\t"
#else
#define THIMBLE_TAPS_MULTIPLY     \
  "vqrdmulh.s32 q0, q0, r5\n\t"   \
  "vqrdmulh.s32 q1, q1, r5\n\t"
#endif

/* Lowers what is negative, as thimble_scale_vector does. */
#ifdef THIMBLE_SINGLE_ROUNDING
#define THIMBLE_TAPS_TIES
#else
#define THIMBLE_TAPS_TIES         \
  "vshr.s32 q6, q0, #31\n\t"      \
  "vshr.s32 q7, q1, #31\n\t"      \
  "vadd.i32 q0, q0, q6\n\t"       \
  "vadd.i32 q1, q1, q7\n\t"
#endif

#define THIMBLE_TAPS_NARROW       \
  "vrshl.s32 q0, r6\n\t"          \
  "vrshl.s32 q1, r6\n\t"          \
  "vqmovnb.s32 q0, q0\n\t"        \
  "vqmovnt.s32 q0, q1\n\t"        \
  "vqadd.s16 q0, q0, r7\n\t"

#define THIMBLE_TAPS_STORE_END    \
  "adds r2, #1\n\t"               \
  "le lr, 2b\n\t"                 \
  "mov r1, r9\n\t"                \
  "add r2, r10\n\t"               \
  "subs.w r8, r8, #1\n\t"         \
  "bne 1b\n\t"                    \
  "vpop {d8-d15}\n\t"             \
  "pop {r4-r11, pc}\n\t"

/* Whole units, requantised as THIMBLE_SCALE_PLAIN allows. */
static THIMBLE_NAKED void thimble_taps_store_plain(
    const thimble_taps_store *store THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_TAPS_STORE_BEGIN THIMBLE_TAPS_LOAD THIMBLE_TAPS_MULTIPLY
                   THIMBLE_TAPS_NARROW
                   "vqmovnb.s16 q0, q0\n\t"
                   "vstrb.16 q0, [r2, q3]\n\t"
                   THIMBLE_TAPS_STORE_END);
}

/* Likewise of the pixels of the mask. */
static THIMBLE_NAKED void thimble_taps_store_plain_some(
    const thimble_taps_store *store THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_TAPS_STORE_BEGIN THIMBLE_TAPS_LOAD THIMBLE_TAPS_MULTIPLY
                   THIMBLE_TAPS_NARROW
                   "vqmovnb.s16 q0, q0\n\t"
                   "vpst\n\t"
                   "vstrbt.16 q0, [r2, q3]\n\t"
                   THIMBLE_TAPS_STORE_END);
}

/* Any units and bounds, without shifts to the left. */
static THIMBLE_NAKED void thimble_taps_store_any(
    const thimble_taps_store *store THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_TAPS_STORE_BEGIN THIMBLE_TAPS_LOAD THIMBLE_TAPS_MULTIPLY
                   THIMBLE_TAPS_TIES THIMBLE_TAPS_NARROW
                   "vmax.s16 q0, q0, q4\n\t"
                   "vmin.s16 q0, q0, q5\n\t"
                   "vpst\n\t"
                   "vstrbt.16 q0, [r2, q3]\n\t"
                   THIMBLE_TAPS_STORE_END);
}

#endif
