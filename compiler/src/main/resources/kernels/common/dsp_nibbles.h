/* Products of a filter of 4-bit elements and one or two columns of int16 elements, on cores with the
 * DSP extension.
 *
 * Output channels come in quads. A quad's filter is a word for each step of two elements, one in
 * each half: n0 + 16 * n1 + 256 * n2 + 4096 * w3, where n is an element w plus 8. SMLAD multiplies
 * the word as it is, then without n3, then what UXTB16 leaves of it, and then n0 alone: each sum is
 * one of them, and the differences of adjoining sums are those of the other channels, times 4096, 256
 * and 16. What the added 8 amounts to is the same for three channels of all quads: 8 times the sum of
 * a column, which the sums begin with. */
#ifndef THIMBLE_DSP_NIBBLES_H
#define THIMBLE_DSP_NIBBLES_H

#include <stdint.h>
#include <string.h>

#include "common/dsp_requantize.h"
#include "common/function.h"
#include "common/requantize.h"

/* A quad's requantisation is eight words: what 4096 times the sums start with, and multipliers. The
 * output is (4096 * sum + start) * multiplier / 2^44, saturated, where the compiler has proved that
 * this is the reference's for each possible sum. Where it could not, a channel has its bias in place
 * of the start, and a multiplier of -1 - i. */
typedef struct {
  const int32_t *filter;     /* [quads][steps] */
  const int32_t *requantize; /* [quads][8] */
  const int32_t *exact;      /* of each channel whose multiplier is -1 - i: multiplier i and shift */
  int32_t steps;             /* of two elements, an even number */
  int32_t channels;
  int8_t min; /* the bounds of the activation */
  int8_t max;
  int8_t output_zero_point;
} dsp_nibbles;

/* What the assembly works on; it reads the fields by their order. */
typedef struct {
  const int32_t *column;     /* for each step a word of two elements of each pixel */
  const int32_t *end;        /* of it */
  const int32_t *filter;     /* the first quad */
  const int32_t *requantize; /* likewise */
  int8_t *out[2];            /* of the pixels */
  const int32_t *quads_end;  /* the end of the quads' filters */
  uint32_t entry;            /* the bytes of code that the loop's first turn leaves out, plus 1 */
  int32_t store;             /* 1: stores the first quad's sums here in place of outputs */
  uint32_t sums[8];          /* [4][pixel], what they start with */
} dsp_nibbles_job;

/* The bytes of code of two steps of each kind, and how often the loop repeats them. */
enum { DSP_NIBBLES_PAIR_BYTES = 94, DSP_NIBBLES_ONE_BYTES = 60, DSP_NIBBLES_TIMES = 8 };

/* Steps at a time whose sums of elements times 4096 fit 32 bits. */
enum { DSP_NIBBLES_FEW = 252 };

/* The fields' addresses in the frame that is made of them. */
#define DSP_NIBBLES_COLUMN "[sp]"
#define DSP_NIBBLES_END "[sp, #4]"
#define DSP_NIBBLES_FILTER "[sp, #8]"
#define DSP_NIBBLES_REQUANTIZE "[sp, #12]"
#define DSP_NIBBLES_OUT "[sp, #16]"
#define DSP_NIBBLES_QUADS_END "[sp, #24]"
#define DSP_NIBBLES_ENTRY "[sp, #28]"
#define DSP_NIBBLES_STORE "[sp, #32]"

/* Saves the registers, makes the frame, and begins a quad at label 1, whose sums are in r6 to lr, at
 * label 2. */
#define DSP_NIBBLES_PROLOGUE \
  "push {r0, r4-r11, lr}\n" \
  "sub sp, sp, #72\n" \
  "ldmia r0!, {r1-r9}\n" \
  "stmia sp, {r1-r9}\n" \
  "ldmia r0, {r1-r8}\n" \
  "add r0, sp, #36\n" \
  "stmia r0, {r1-r8}\n" \
  "adr.w r1, 2f\n" \
  "ldr r2, " DSP_NIBBLES_ENTRY "\n" \
  "add r2, r2, r1\n" \
  "str r2, " DSP_NIBBLES_ENTRY "\n" \
  "ldr r1, " DSP_NIBBLES_FILTER "\n" \
  "1:\n" \
  "add r2, sp, #36\n" \
  "ldmia r2, {r6-r12, lr}\n" \
  "ldr r0, " DSP_NIBBLES_COLUMN "\n" \
  "ldr pc, " DSP_NIBBLES_ENTRY "\n" \
  "2:\n"

/* Ends the loop over steps, and goes to label 6 where sums are stored. */
#define DSP_NIBBLES_LOOP \
  "ldr r2, " DSP_NIBBLES_END "\n" \
  "cmp r0, r2\n" \
  "bne.w 2b\n" \
  "ldr r2, " DSP_NIBBLES_STORE "\n" \
  "ldr r0, " DSP_NIBBLES_REQUANTIZE "\n" \
  "cmp r2, #0\n" \
  "bne 6f\n"

/* The next quad, or the end. */
#define DSP_NIBBLES_NEXT \
  "ldr r4, " DSP_NIBBLES_QUADS_END "\n" \
  "str r0, " DSP_NIBBLES_REQUANTIZE "\n" \
  "cmp r1, r4\n" \
  "bne.w 1b\n" \
  "3:\n" \
  "add sp, sp, #76\n" \
  "pop {r4-r11, pc}\n" \
  "6:\n" \
  "ldr r0, [sp, #72]\n" \
  "add r0, r0, #36\n" \
  "stmia r0, {r6-r12, lr}\n" \
  "b 3b\n"

/* A step of both pixels, whose elements are in r2 and r3, by a word of the filter. */
#define DSP_NIBBLES_PAIR_STEP(w) \
  "smlad r6, " w ", r2, r6\n" \
  "smlad r7, " w ", r3, r7\n" \
  "bic " w ", " w ", #0xF000F000\n" \
  "smlad r8, " w ", r2, r8\n" \
  "smlad r9, " w ", r3, r9\n" \
  "uxtb16 " w ", " w "\n" \
  "smlad r10, " w ", r2, r10\n" \
  "smlad r11, " w ", r3, r11\n" \
  "and " w ", " w ", #0x000F000F\n" \
  "smlad r12, " w ", r2, r12\n" \
  "smlad lr, " w ", r3, lr\n"

/* A step of one pixel. */
#define DSP_NIBBLES_ONE_STEP(w, x) \
  "smlad r6, " w ", " x ", r6\n" \
  "bic " w ", " w ", #0xF000F000\n" \
  "smlad r8, " w ", " x ", r8\n" \
  "uxtb16 " w ", " w "\n" \
  "smlad r10, " w ", " x ", r10\n" \
  "and " w ", " w ", #0x000F000F\n" \
  "smlad r12, " w ", " x ", r12\n"

/* A sum becomes its output. */
#define DSP_NIBBLES_OUTPUT(sum, multiplier) \
  "smmul " sum ", " sum ", " multiplier "\n" \
  "ssat " sum ", #8, " sum ", asr #12\n"

/* All quads of two pixels. */
static THIMBLE_NAKED void dsp_nibbles_pair(dsp_nibbles_job *job __attribute__((unused))) {
  __asm__(
      DSP_NIBBLES_PROLOGUE
      ".rept 8\n"
      "ldmia r1!, {r4, r5}\n"
      "ldmia r0!, {r2, r3}\n" DSP_NIBBLES_PAIR_STEP("r4")
      "ldmia r0!, {r2, r3}\n" DSP_NIBBLES_PAIR_STEP("r5")
      ".endr\n"
      DSP_NIBBLES_LOOP
      "sub r6, r6, r8\n"
      "sub r7, r7, r9\n"
      "sub r8, r8, r10\n"
      "sub r9, r9, r11\n"
      "sub r10, r10, r12\n"
      "sub r11, r11, lr\n"
      "ldmia r0!, {r2-r5}\n"
      "add r12, r2, r12, lsl #12\n"
      "add lr, r2, lr, lsl #12\n"
      "add r10, r3, r10, lsl #8\n"
      "add r11, r3, r11, lsl #8\n"
      "add r8, r4, r8, lsl #4\n"
      "add r9, r4, r9, lsl #4\n"
      "add r6, r6, r5\n"
      "add r7, r7, r5\n"
      "ldmia r0!, {r2-r5}\n"
      DSP_NIBBLES_OUTPUT("r12", "r2")
      DSP_NIBBLES_OUTPUT("lr", "r2")
      DSP_NIBBLES_OUTPUT("r10", "r3")
      DSP_NIBBLES_OUTPUT("r11", "r3")
      DSP_NIBBLES_OUTPUT("r8", "r4")
      DSP_NIBBLES_OUTPUT("r9", "r4")
      DSP_NIBBLES_OUTPUT("r6", "r5")
      DSP_NIBBLES_OUTPUT("r7", "r5")
      "ldrd r2, r3, " DSP_NIBBLES_OUT "\n"
      "strb r12, [r2], #1\n"
      "strb r10, [r2], #1\n"
      "strb r8, [r2], #1\n"
      "strb r6, [r2], #1\n"
      "strb lr, [r3], #1\n"
      "strb r11, [r3], #1\n"
      "strb r9, [r3], #1\n"
      "strb r7, [r3], #1\n"
      "strd r2, r3, " DSP_NIBBLES_OUT "\n"
      DSP_NIBBLES_NEXT);
}

/* As dsp_nibbles_pair, of one pixel. */
static THIMBLE_NAKED void dsp_nibbles_one(dsp_nibbles_job *job __attribute__((unused))) {
  __asm__(
      DSP_NIBBLES_PROLOGUE
      ".rept 8\n"
      "ldmia r0!, {r2, r3}\n"
      "ldmia r1!, {r4, r5}\n" DSP_NIBBLES_ONE_STEP("r4", "r2") DSP_NIBBLES_ONE_STEP("r5", "r3")
      ".endr\n"
      DSP_NIBBLES_LOOP
      "sub r6, r6, r8\n"
      "sub r8, r8, r10\n"
      "sub r10, r10, r12\n"
      "ldmia r0!, {r2-r5}\n"
      "add r12, r2, r12, lsl #12\n"
      "add r10, r3, r10, lsl #8\n"
      "add r8, r4, r8, lsl #4\n"
      "add r6, r6, r5\n"
      "ldmia r0!, {r2-r5}\n"
      DSP_NIBBLES_OUTPUT("r12", "r2")
      DSP_NIBBLES_OUTPUT("r10", "r3")
      DSP_NIBBLES_OUTPUT("r8", "r4")
      DSP_NIBBLES_OUTPUT("r6", "r5")
      "ldr r2, " DSP_NIBBLES_OUT "\n"
      "strb r12, [r2], #1\n"
      "strb r10, [r2], #1\n"
      "strb r8, [r2], #1\n"
      "strb r6, [r2], #1\n"
      "str r2, " DSP_NIBBLES_OUT "\n"
      DSP_NIBBLES_NEXT);
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

/* What a pixel's sums start with. */
static THIMBLE_INLINE void dsp_nibbles_start(uint32_t *sums, uint32_t excess) {
  sums[0] = sums[2] = 0u - 273 * excess;
  sums[4] = 0u - 17 * excess;
  sums[6] = 0u - excess;
}

/* The job of so many steps from this one on. */
static THIMBLE_INLINE void dsp_nibbles_run(dsp_nibbles_job *job, const int32_t *column,
                                           int32_t first, int32_t steps, int32_t pixels) {
  int32_t repetitions = steps >> 1;
  int32_t bytes = pixels == 2 ? DSP_NIBBLES_PAIR_BYTES : DSP_NIBBLES_ONE_BYTES;
  int32_t skipped = DSP_NIBBLES_TIMES - (repetitions & (DSP_NIBBLES_TIMES - 1));
  job->column = column + pixels * first;
  job->end = job->column + pixels * steps;
  job->entry = (uint32_t)(skipped * bytes + 1);
  if (pixels == 2) {
    dsp_nibbles_pair(job);
  } else {
    dsp_nibbles_one(job);
  }
}

/* The output of a sum without its bias. */
static THIMBLE_INLINE int8_t dsp_nibbles_output(const dsp_nibbles *f, uint32_t sum, int32_t start,
                                                int32_t multiplier) {
  int32_t zero = f->output_zero_point;
  int32_t value = (int32_t)(sum * 4096 + (uint32_t)start);
  if (multiplier < 0) {
    const int32_t *exact = f->exact - 2 * (multiplier + 1);
    value = thimble_requantize((int32_t)(sum + (uint32_t)start), exact[0], exact[1]);
    return (int8_t)(thimble_clamp(value, INT8_MIN - zero, INT8_MAX - zero) + zero);
  }
  __asm__("smmul %0, %0, %1\n\tssat %0, #8, %0, asr #12" : "+r"(value) : "r"(multiplier));
  return (int8_t)value;
}

/* Up to four channels of one pixel, or of two, some of which may be without the fast way. */
static THIMBLE_NOINLINE void dsp_nibbles_quad(const dsp_nibbles *f, dsp_nibbles_job *job,
                                              const int32_t *column, const uint32_t *excess,
                                              int32_t pixels, int32_t channel) {
  int32_t quad = channel >> 2;
  const int32_t *requantize = f->requantize + 8 * quad;
  int32_t lanes = f->channels - channel < 4 ? f->channels - channel : 4;
  uint32_t sums[8] = {0u - excess[0], 0u - excess[1], 0u - excess[0], 0u - excess[1],
                      0u - excess[0], 0u - excess[1], 0, 0};
  int32_t steps;
  job->store = 1;
  for (int32_t first = 0; first < f->steps; first += steps) {
    steps = f->steps - first < DSP_NIBBLES_FEW ? f->steps - first : DSP_NIBBLES_FEW;
    memset(job->sums, 0, sizeof job->sums);
    job->filter = f->filter + quad * f->steps + first;
    dsp_nibbles_run(job, column, first, steps, pixels);
    for (int32_t i = 0; i < pixels; ++i) {
      const uint32_t *sum = job->sums + i;
      sums[i] += sum[6];
      sums[2 + i] += (uint32_t)((int32_t)(sum[4] - sum[6]) >> 4);
      sums[4 + i] += (uint32_t)((int32_t)(sum[2] - sum[4]) >> 8);
      sums[6 + i] += (uint32_t)((int32_t)(sum[0] - sum[2]) >> 12);
    }
  }
  for (int32_t i = 0; i < pixels; ++i) {
    for (int32_t lane = 0; lane < lanes; ++lane) {
      job->out[i][lane] =
          dsp_nibbles_output(f, sums[2 * lane + i], requantize[lane], requantize[4 + lane]);
    }
  }
}

/* The end of the whole quads from this channel on in which all have the fast way. */
static THIMBLE_INLINE int32_t dsp_nibbles_fast(const dsp_nibbles *f, int32_t channel,
                                               int32_t whole) {
  if (!f->exact) {
    return whole;
  }
  for (; channel < whole; channel += 4) {
    const int32_t *multipliers = f->requantize + 2 * channel + 4;
    if ((multipliers[0] | multipliers[1] | multipliers[2] | multipliers[3]) < 0) {
      break;
    }
  }
  return channel;
}

/* All channels of one pixel, or of two, from their columns. */
static THIMBLE_NOINLINE void dsp_nibbles_pixels(const dsp_nibbles *f, const int32_t *column,
                                                int32_t pixels, int8_t *out) {
  uint32_t excess[2] = {dsp_nibbles_excess(column, f->steps, pixels), 0};
  int32_t whole = f->channels & ~3;
  int32_t channel = 0;
  dsp_nibbles_job job;
  if (pixels == 2) {
    excess[1] = dsp_nibbles_excess(column + 1, f->steps, 2);
  }
  while (channel < f->channels) {
    int32_t next = dsp_nibbles_fast(f, channel, whole);
    job.out[0] = out + channel;
    job.out[1] = job.out[0] + f->channels;
    if (next > channel) {
      job.store = 0;
      job.filter = f->filter + (channel >> 2) * f->steps;
      job.requantize = f->requantize + 2 * channel;
      job.quads_end = f->filter + (next >> 2) * f->steps;
      dsp_nibbles_start(job.sums, excess[0]);
      dsp_nibbles_start(job.sums + 1, excess[1]);
      dsp_nibbles_run(&job, column, 0, f->steps, pixels);
      channel = next;
    } else {
      dsp_nibbles_quad(f, &job, column, excess, pixels, channel);
      channel += 4;
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
