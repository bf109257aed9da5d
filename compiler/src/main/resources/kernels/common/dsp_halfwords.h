/* Products of int16 elements and an int8 filter on cores with the DSP extension, two at a time.
 *
 * A window is a column of steps, each a word of two elements, and a single element behind them where
 * their number is odd. Of two pixels a column has the first one's word of each step before the
 * second's; that is a copy in memory of multiples of 4, while a column of one pixel may be a row
 * itself, at any address that an element may have.
 *
 * Four channels' filter has two words for a step: 0 1 0 1 by channel, the first element's before the
 * second's, then 2 3 2 3; and a word for a single element, 0 2 1 3. Sums are modulo 2^32. */
#ifndef THIMBLE_DSP_HALFWORDS_H
#define THIMBLE_DSP_HALFWORDS_H

#include <stdint.h>

#include "common/dsp_requantize.h"
#include "common/function.h"

/* What the assembly works on; it reads the fields by their order. */
typedef struct {
  const void *column;
  const int32_t *filter; /* advances */
  const int32_t *start;  /* what the sums of four channels begin with */
  const void *end;       /* of the column's steps */
  int32_t skip;          /* bytes of code: see dsp_halfwords_steps */
  int32_t odd;           /* whether a single element follows */
  int32_t sums[8];       /* of the first channel, of each pixel, then of the second ... */
} dsp_halfwords;

/* The code of a step of two pixels, and how many of them follow each other. */
enum { DSP_HALFWORD_STEP_BYTES = 58, DSP_HALFWORD_STEPS = 8 };

/* Two elements, which may lie at any address of one. */
static THIMBLE_INLINE int32_t dsp_halfwords_load(const void *from) {
  int32_t word;
  __asm__("ldr %0, %1" : "=r"(word) : "m"(*(const int16_t(*)[2])from));
  return word;
}

/* The job is to take so many steps from here on, of so many words each. */
static THIMBLE_INLINE void dsp_halfwords_steps(dsp_halfwords *job, const void *column,
                                               int32_t steps, int32_t words) {
  job->column = column;
  job->end = (const int32_t *)column + steps * words;
  job->skip = (-steps & (DSP_HALFWORD_STEPS - 1)) * DSP_HALFWORD_STEP_BYTES;
}

/* A word of the filter, at r1, by both pixels' words. */
#define DSP_HALFWORD_PRODUCTS(a, b, c, d) \
  "ldr r4, [r1], #4\n" \
  "sxtb16 r5, r4\n" \
  "sxtb16 r4, r4, ror #8\n" \
  "smlad " a ", r5, r2, " a "\n" \
  "smlad " b ", r5, r3, " b "\n" \
  "smlad " c ", r4, r2, " c "\n" \
  "smlad " d ", r4, r3, " d "\n"

/* The sums of four channels and two pixels. */
static THIMBLE_NAKED void dsp_halfwords_pair(dsp_halfwords *job __attribute__((unused))) {
  __asm__(
      "push {r0, r4-r11, lr}\n"
      "ldmia r0, {r0-r5}\n"
      "push {r3, r5}\n"
      "adr.w r5, 1f\n"
      "add r5, r5, r4\n"
      "add r5, r5, #1\n"
      "ldmia r2, {r6, r8, r10, r12}\n"
      "mov r7, r6\n"
      "mov r9, r8\n"
      "mov r11, r10\n"
      "mov lr, r12\n"
      "cmp r0, r3\n"
      "beq.w 2f\n"
      "bx r5\n"
      "1:\n"
      ".rept 8\n"
      "ldmia r0!, {r2, r3}\n"
      DSP_HALFWORD_PRODUCTS("r6", "r7", "r8", "r9")
      DSP_HALFWORD_PRODUCTS("r10", "r11", "r12", "lr")
      ".endr\n"
      "ldr r2, [sp]\n"
      "cmp r0, r2\n"
      "bne.w 1b\n"
      "2:\n"
      "ldr r2, [sp, #4]\n"
      "cbz r2, 3f\n"
      "ldmia r0, {r2, r3}\n"
      "ldr r4, [r1], #4\n"
      "sxtb16 r5, r4\n"
      "sxtb16 r4, r4, ror #8\n"
      "smlabb r6, r5, r2, r6\n"
      "smlabb r7, r5, r3, r7\n"
      "smlatb r8, r5, r2, r8\n"
      "smlatb r9, r5, r3, r9\n"
      "smlabb r10, r4, r2, r10\n"
      "smlabb r11, r4, r3, r11\n"
      "smlatb r12, r4, r2, r12\n"
      "smlatb lr, r4, r3, lr\n"
      "3:\n"
      "ldr r0, [sp, #8]\n"
      "add sp, sp, #12\n"
      "str r1, [r0, #4]\n"
      "add r0, r0, #24\n"
      "stmia r0, {r6-r12, lr}\n"
      "pop {r4-r11, pc}\n");
}

/* A step of one pixel, by two words of the filter, which are in w and v; r12 is lost. */
#define DSP_HALFWORD_STEP(x, w, v) \
  "sxtb16 r12, " w "\n" \
  "sxtb16 " w ", " w ", ror #8\n" \
  "smlad r8, r12, " x ", r8\n" \
  "smlad r9, " w ", " x ", r9\n" \
  "sxtb16 r12, " v "\n" \
  "sxtb16 " v ", " v ", ror #8\n" \
  "smlad r10, r12, " x ", r10\n" \
  "smlad r11, " v ", " x ", r11\n"

#define DSP_HALFWORD_TWO_STEPS \
  "ldr r2, [r0], #4\n" \
  "ldr lr, [r0], #4\n" \
  "ldmia r1!, {r4-r7}\n" \
  DSP_HALFWORD_STEP("r2", "r4", "r5") \
  DSP_HALFWORD_STEP("lr", "r6", "r7")

/* The sums of four channels and one pixel, the first four of the job's. */
static THIMBLE_NAKED void dsp_halfwords_one(dsp_halfwords *job __attribute__((unused))) {
  __asm__(
      "push {r0, r4-r11, lr}\n"
      "ldmia r0, {r0-r5}\n"
      "push {r5}\n"
      "ldmia r2, {r8-r11}\n"
      "sub r3, r3, #12\n"
      "cmp r0, r3\n"
      "bhs 2f\n"
      "1:\n"
      DSP_HALFWORD_TWO_STEPS
      DSP_HALFWORD_TWO_STEPS
      "cmp r0, r3\n"
      "blo 1b\n"
      "2:\n"
      "add r3, r3, #12\n"
      "cmp r0, r3\n"
      "beq 4f\n"
      "3:\n"
      "ldr r2, [r0], #4\n"
      "ldmia r1!, {r4, r5}\n"
      DSP_HALFWORD_STEP("r2", "r4", "r5")
      "cmp r0, r3\n"
      "bne 3b\n"
      "4:\n"
      "pop {r2}\n"
      "cbz r2, 5f\n"
      "ldrsh r2, [r0]\n"
      "ldr r4, [r1], #4\n"
      "sxtb16 r5, r4\n"
      "sxtb16 r4, r4, ror #8\n"
      "smlabb r8, r5, r2, r8\n"
      "smlatb r9, r5, r2, r9\n"
      "smlabb r10, r4, r2, r10\n"
      "smlatb r11, r4, r2, r11\n"
      "5:\n"
      "pop {r0}\n"
      "str r1, [r0, #4]\n"
      "add r0, r0, #24\n"
      "stmia r0, {r8-r11}\n"
      "pop {r4-r11, pc}\n");
}

/* The sum of one channel and one pixel, whose steps are so many words apart. The filter has a word
 * for each four elements, 0 2 1 3, and a byte for each one behind them. */
static THIMBLE_NOINLINE int32_t dsp_halfwords_channel(const int32_t *column, int32_t words,
                                                      const int8_t *filter, int32_t taps,
                                                      int32_t sum) {
  for (int32_t fours = taps >> 2; fours > 0; --fours) {
    int32_t first = dsp_halfwords_load(column);
    int32_t second = dsp_halfwords_load(column + words);
    int32_t even, odd;
    __asm__(
        "ldr %[odd], %[filter]\n\t"
        "sxtb16 %[even], %[odd]\n\t"
        "sxtb16 %[odd], %[odd], ror #8\n\t"
        "smlad %[sum], %[even], %[first], %[sum]\n\t"
        "smlad %[sum], %[odd], %[second], %[sum]"
        : [sum] "+&r"(sum), [even] "=&r"(even), [odd] "=&r"(odd)
        : [first] "r"(first), [second] "r"(second), [filter] "m"(*(const int8_t(*)[4])filter));
    filter += 4;
    column += 2 * words;
  }
  for (int32_t i = 0; i < (taps & 3); ++i) {
    sum += ((const int16_t *)(column + (i >> 1) * words))[i & 1] * *filter++;
  }
  return sum;
}

/* Writes so many words of two pixels' runs, the first one's before the second's; returns the end. */
static THIMBLE_NAKED int32_t *dsp_halfwords_interleave(
    const int16_t *first __attribute__((unused)), const int16_t *second __attribute__((unused)),
    int32_t *to __attribute__((unused)), int32_t count __attribute__((unused))) {
  __asm__(
      "push {r4-r7, lr}\n"
      "subs r3, r3, #2\n"
      "blo 2f\n"
      "1:\n"
      "ldr r4, [r0], #4\n"
      "ldr r5, [r1], #4\n"
      "ldr r6, [r0], #4\n"
      "ldr r7, [r1], #4\n"
      "stmia r2!, {r4-r7}\n"
      "subs r3, r3, #2\n"
      "bhs 1b\n"
      "2:\n"
      "adds r3, r3, #2\n"
      "beq 3f\n"
      "ldr r4, [r0]\n"
      "ldr r5, [r1]\n"
      "stmia r2!, {r4, r5}\n"
      "3:\n"
      "mov r0, r2\n"
      "pop {r4-r7, pc}\n");
}

#endif
