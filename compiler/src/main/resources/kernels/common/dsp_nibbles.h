/* Products of a filter of 4-bit elements and one or two columns of int16 elements, on cores with the
 * DSP extension.
 *
 * Output channels come in quads. A quad's filter is a word for each step of two elements, one in
 * each half: from its lowest bits on, a half has the elements of the four channels plus 8. An AND and
 * a UXTB16 each leave a pair of numbers n0, of n0 + 16 * n1, of n2 + 16 * n3, and of n2, all of them
 * positive, which SMLAD multiplies; the sums of n1 and n3 are differences. What the added 8 amounts
 * to is the same for all channels: 8 times the sum of a column. */
#ifndef THIMBLE_DSP_NIBBLES_H
#define THIMBLE_DSP_NIBBLES_H

#include <stdint.h>

#include "common/dsp_requantize.h"
#include "common/function.h"
#include "common/requantize.h"

/* The channels' requantisation is that of dsp_gemm.h, but that the fast way multiplies sums by 4096.
 * A channel without it has its bias, and a multiplier of -1 - i. */
typedef struct {
  const int32_t *filter;     /* [quads][steps] */
  const int32_t *requantize; /* [channels][2]: the start of 4096 times the sum, and a multiplier */
  const int32_t *exact;      /* of each channel whose multiplier is -1 - i: multiplier i and shift */
  int32_t steps;             /* of two elements, an even number */
  int32_t channels;
  int8_t min; /* the bounds of the activation */
  int8_t max;
  int8_t output_zero_point;
} dsp_nibbles;

/* A step of both pixels. Their sums are in r4 (S0), r6 (S0 + 16 * S1), r8 (S2) and r10 (S2 + 16 *
 * S3), and in r5, r7, r9 and r11. */
#define DSP_NIBBLES_PAIR_STEP \
  "ldmia r0!, {r2, r3}\n" \
  "ldr r12, [r1], #4\n" \
  "and lr, r12, #0x000F000F\n" \
  "smlad r4, lr, r2, r4\n" \
  "smlad r5, lr, r3, r5\n" \
  "uxtb16 lr, r12\n" \
  "smlad r6, lr, r2, r6\n" \
  "smlad r7, lr, r3, r7\n" \
  "uxtb16 r12, r12, ror #8\n" \
  "smlad r10, r12, r2, r10\n" \
  "smlad r11, r12, r3, r11\n" \
  "and r12, r12, #0x000F000F\n" \
  "smlad r8, r12, r2, r8\n" \
  "smlad r9, r12, r3, r9\n"

/* A quad's sums of two pixels, [4][pixel]. */
static THIMBLE_NAKED void dsp_nibbles_pair(const int32_t *column __attribute__((unused)),
                                           const int32_t *filter __attribute__((unused)),
                                           const int32_t *end __attribute__((unused)),
                                           uint32_t *sums __attribute__((unused))) {
  __asm__(
      "push {r2-r11, lr}\n"
      "sub r12, r2, r0\n"
      "movs r4, #0\n"
      "movs r5, #0\n"
      "movs r6, #0\n"
      "movs r7, #0\n"
      "mov r8, r4\n"
      "mov r9, r4\n"
      "mov r10, r4\n"
      "mov r11, r4\n"
      "tst r12, #16\n"
      "bne.w 2f\n"
      "1:\n" DSP_NIBBLES_PAIR_STEP DSP_NIBBLES_PAIR_STEP
      "2:\n" DSP_NIBBLES_PAIR_STEP DSP_NIBBLES_PAIR_STEP
      "ldr r2, [sp]\n"
      "cmp r0, r2\n"
      "bne.w 1b\n"
      "ldr r2, [sp, #4]\n"
      "sub r6, r6, r4\n"
      "sub r7, r7, r5\n"
      "sub r10, r10, r8\n"
      "sub r11, r11, r9\n"
      "asr r6, r6, #4\n"
      "asr r7, r7, #4\n"
      "asr r10, r10, #4\n"
      "asr r11, r11, #4\n"
      "stmia r2, {r4-r11}\n"
      "add sp, sp, #8\n"
      "pop {r4-r11, pc}\n");
}

/* A step of one pixel, whose column is in this register. */
#define DSP_NIBBLES_ONE_STEP(x, w) \
  "and lr, " w ", #0x000F000F\n" \
  "smlad r4, lr, " x ", r4\n" \
  "uxtb16 lr, " w "\n" \
  "smlad r6, lr, " x ", r6\n" \
  "uxtb16 r12, " w ", ror #8\n" \
  "smlad r10, r12, " x ", r10\n" \
  "and r12, r12, #0x000F000F\n" \
  "smlad r8, r12, " x ", r8\n"

/* As dsp_nibbles_pair, of one pixel; the second one's sums are not written. */
static THIMBLE_NAKED void dsp_nibbles_one(const int32_t *column __attribute__((unused)),
                                          const int32_t *filter __attribute__((unused)),
                                          const int32_t *end __attribute__((unused)),
                                          uint32_t *sums __attribute__((unused))) {
  __asm__(
      "push {r2-r11, lr}\n"
      "sub r12, r2, r0\n"
      "mov r11, r2\n"
      "movs r4, #0\n"
      "movs r6, #0\n"
      "mov r8, r4\n"
      "mov r10, r4\n"
      "tst r12, #8\n"
      "bne 2f\n"
      "1:\n"
      "ldmia r0!, {r2, r3}\n"
      "ldmia r1!, {r5, r7}\n" DSP_NIBBLES_ONE_STEP("r2", "r5") DSP_NIBBLES_ONE_STEP("r3", "r7")
      "2:\n"
      "ldmia r0!, {r2, r3}\n"
      "ldmia r1!, {r5, r7}\n" DSP_NIBBLES_ONE_STEP("r2", "r5") DSP_NIBBLES_ONE_STEP("r3", "r7")
      "cmp r0, r11\n"
      "bne.w 1b\n"
      "ldr r2, [sp, #4]\n"
      "sub r6, r6, r4\n"
      "sub r10, r10, r8\n"
      "asr r6, r6, #4\n"
      "asr r10, r10, #4\n"
      "str r4, [r2]\n"
      "str r6, [r2, #8]\n"
      "str r8, [r2, #16]\n"
      "str r10, [r2, #24]\n"
      "add sp, sp, #8\n"
      "pop {r4-r11, pc}\n");
}

/* 8 times the sum of a pixel's elements. */
static THIMBLE_NOINLINE uint32_t dsp_nibbles_excess(const int32_t *column, int32_t steps,
                                                    int32_t pixels) {
  uint32_t sum = 0;
  for (; steps > 0; steps -= 2) {
    __asm__("smlad %0, %1, %3, %0\n\tsmlad %0, %2, %3, %0"
            : "+r"(sum)
            : "r"(column[0]), "r"(column[pixels]), "r"(0x00010001));
    column += 2 * pixels;
  }
  return 8 * sum;
}

static THIMBLE_NOINLINE int8_t dsp_nibbles_exact(const dsp_nibbles *f, uint32_t sum,
                                                 const int32_t *requantize) {
  const int32_t *exact = f->exact - 2 * (requantize[1] + 1);
  int32_t zero = f->output_zero_point;
  int32_t value =
      thimble_requantize((int32_t)(sum + (uint32_t)requantize[0]), exact[0], exact[1]);
  return (int8_t)(thimble_clamp(value, INT8_MIN - zero, INT8_MAX - zero) + zero);
}

/* The output of a sum without its bias. */
static THIMBLE_INLINE int8_t dsp_nibbles_output(const dsp_nibbles *f, uint32_t sum,
                                                const int32_t *requantize) {
  int32_t value = (int32_t)(sum * 4096 + (uint32_t)requantize[0]);
  if (requantize[1] < 0) {
    return dsp_nibbles_exact(f, sum, requantize);
  }
  __asm__("smmul %0, %0, %1\n\tssat %0, #8, %0, asr #12" : "+r"(value) : "r"(requantize[1]));
  return (int8_t)value;
}

/* All channels of one pixel, or of two, from their columns. */
static THIMBLE_NOINLINE void dsp_nibbles_pixels(const dsp_nibbles *f, const int32_t *column,
                                                int32_t pixels, int8_t *out) {
  const int32_t *filter = f->filter;
  const int32_t *requantize = f->requantize;
  const int32_t *end = column + pixels * f->steps;
  uint32_t excess = dsp_nibbles_excess(column, f->steps, pixels);
  uint32_t second = 0;
  int8_t *other = out + (pixels == 2 ? f->channels : 0);
  uint32_t sums[8];
  if (pixels == 2) {
    second = dsp_nibbles_excess(column + 1, f->steps, 2);
  }
  for (int32_t left = f->channels; left > 0; left -= 4) {
    int32_t lanes = left < 4 ? left : 4;
    const uint32_t *sum = sums;
    if (pixels == 2) {
      dsp_nibbles_pair(column, filter, end, sums);
    } else {
      dsp_nibbles_one(column, filter, end, sums);
    }
    filter += f->steps;
    for (int32_t i = lanes; i > 0; --i, sum += 2) {
      *out++ = dsp_nibbles_output(f, sum[0] - excess, requantize);
      if (pixels == 2) {
        *other++ = dsp_nibbles_output(f, sum[1] - second, requantize);
      }
      requantize += 2;
    }
  }
}

/* Keeps outputs within the activation's bounds where those are not the type's. */
static THIMBLE_INLINE void dsp_nibbles_clamp(const dsp_nibbles *f, int8_t *out, int32_t count) {
  if (f->min > INT8_MIN || f->max < INT8_MAX) {
    for (int8_t *end = out + count; out < end; ++out) {
      *out = (int8_t)thimble_clamp(*out, f->min, f->max);
    }
  }
}

#endif
