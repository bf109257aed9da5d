/* Products of an int8 filter and one or two columns of int16 elements, on cores with the DSP
 * extension: SMLAD multiplies two pairs of halfwords and adds both products.
 *
 * Output channels come in quads, then singly. A quad's filter holds, for each step of two elements,
 * two words: halfwords 256 * w[1] + w[0] of both elements, then 256 * w[3] + w[2]. SMLAD on such a
 * word sums 256 * S1 + S0; SXTB16 leaves w[0] in it, whose sum is S0, and the difference of the two
 * sums is 256 * S1. So a filter needs a byte an element, and half of the unpacking that bytes would
 * cost. Where the number of elements is odd, a last word holds the halfwords of both pairs.
 * A single channel's filter holds four elements a word, those of two steps interleaved, and ends
 * with zeros.
 *
 * Where w[1] or w[3] is -128 and the even channel's weight of that element is negative, a halfword
 * stands for 65536 more than it should. With DSP_MENDED such elements are listed: each quad's filter
 * is followed by words of an element's place in the column in bits 0 to 17, as pairs of pixels have
 * it, or in the pixel itself, in bit 18 whether the channels are the second pair, and in bit 19
 * whether another word follows. A negative word stands for no element. After a quad's products 65536
 * times each listed element is taken off.
 *
 * A quad's requantisation is nine words: the sums' start values 256 * b1 + b0 + fraction, b0, the
 * same of the other pair, then a word x and four multipliers. A single channel's is its start, x,
 * and the multiplier. There are two ways from a sum to an output.
 * Fast: (256 * sum + fraction) * multiplier / 2^44, saturated, where the compiler has proved that
 * this is the reference's output for each possible sum; the zero point is part of the sum's start,
 * and x holds the fractions of the even channels, 16 bits each.
 * Exact: the reference's steps, with shifts 1...22; x holds those less one, 8 bits each. */
#ifndef THIMBLE_DSP_GEMM_H
#define THIMBLE_DSP_GEMM_H

#include <stdint.h>

#include "common/dsp_fraction.h"
#include "common/dsp_mend.h"
#include "common/dsp_requantize.h"
#include "common/function.h"

enum { DSP_ODD = 1, DSP_EXACT = 2, DSP_STEP = 4, DSP_FRACTION = 8, DSP_MENDED = 16 };

/* What the assembly works on; it reads the fields by their order. The functions take a job and a
 * flag: 1 prepares it, once for all calls on columns of a kind: then entry, after and finish become
 * addresses of code. 0 computes all output channels of a pixel or of two. */
typedef struct {
  const int32_t *column;     /* for each step a word of two elements of each pixel */
  const int32_t *end;        /* the end of the column's steps */
  const int32_t *filter;     /* advances */
  const int32_t *requantize; /* advances */
  int8_t *out[2];            /* the outputs of the pixels; advance */
  const int32_t *quads_end;  /* the end of the quads' filters */
  int32_t base;              /* 2 * output zero point + 1 */
  uint32_t entry;            /* the bytes of code that the loop's first turn leaves out, plus 1 */
  uint32_t after;            /* DSP_EXACT, with DSP_FRACTION of biases that are not whole; what
                              * follows the loop: DSP_STEP, DSP_ODD an element */
  int32_t singles;           /* how many single channels follow the quads */
  const int32_t *single_end; /* the end of the column as single channels read it */
  uint32_t finish[2];        /* of quads and of single channels */
} dsp_gemm;

/* The fields' addresses in the frame that the functions make of it. */
#define DSP_COLUMN "[sp]"
#define DSP_END "[sp, #4]"
#define DSP_REQUANTIZE "[sp, #12]"
#define DSP_OUT "[sp, #16]"
#define DSP_QUADS_END "[sp, #24]"
#define DSP_BASE "[sp, #28]"
#define DSP_ENTRY "[sp, #32]"
#define DSP_AFTER "[sp, #36]"
#define DSP_SINGLES "[sp, #40]"
#define DSP_SINGLE_END "[sp, #44]"
#define DSP_FINISH "[sp, #48]"
#define DSP_FINISH_SINGLE "[sp, #52]"

/* With an argument r1 that is not 0, only prepares the job: turns skip and flags, which it keeps in
 * the second output's field where `keep` says so, into the addresses of where to enter the loop
 * (from label 2 on), of what follows it (label 4 where elements are left), and of the requantisation
 * (labels 5 and 7, or 6 and 8 where it is exact, or 36 and 38 with fractions of biases).
 * Else saves the registers and makes the frame. Then r0 holds requantize and r1 the filter, and
 * label 3 is next if there are no quads. */
#define DSP_PROLOGUE(keep) \
  "cbz r1, 1f\n" \
  "ldrd r2, r3, [r0, #32]\n" \
  keep \
  "adr.w r1, 2f\n" \
  "add r2, r2, r1\n" \
  "adr.w r1, 5f\n" \
  "adr.w r12, 7f\n" \
  "tst r3, #2\n" \
  "itt ne\n" \
  "adrne.w r1, 6f\n" \
  "adrne.w r12, 8f\n" \
  DSP_PROLOGUE_FRACTIONS DSP_MEND_PREPARE \
  "add r1, r1, #1\n" \
  "add r12, r12, #1\n" \
  "strd r1, r12, [r0, #48]\n" \
  "adr.w r12, 4f\n" \
  "tst r3, #5\n" \
  "it ne\n" \
  "addne r1, r12, #1\n" \
  "strd r2, r1, [r0, #32]\n" \
  "bx lr\n" \
  "1:\n" \
  "push {r0, r4-r11, lr}\n" \
  "ldmia r0!, {r1-r12}\n" \
  "ldrd r0, lr, [r0]\n" \
  "sub sp, sp, #56\n" \
  "stmia sp, {r1-r12}\n" \
  "strd r0, lr, " DSP_FINISH "\n" \
  "mov r0, r4\n" \
  "mov r1, r3\n" \
  "cmp r3, r7\n" \
  "beq.w 3f\n"

/* Returns to the caller, whose job's pointers have advanced. */
#define DSP_EPILOGUE \
  "ldr r0, [sp, #56]\n" \
  "ldr r2, " DSP_REQUANTIZE "\n" \
  "ldrd r3, r4, " DSP_OUT "\n" \
  "add r0, r0, #8\n" \
  "stmia r0, {r1-r4}\n" \
  "add sp, sp, #60\n" \
  "pop {r4-r11, pc}\n"

/* The next quad, at label 1, or label 3. */
#define DSP_NEXT_QUAD \
  "ldr r0, " DSP_REQUANTIZE "\n" \
  "add r0, r0, #20\n" \
  "ldr r2, " DSP_QUADS_END "\n" \
  "cmp r1, r2\n" \
  "bne.w 1b\n" \
  "str r0, " DSP_REQUANTIZE "\n"

#endif
