/* What requantises sums whose biases have fractions, in the assembly of dsp_gemm.h, whose fields'
 * addresses it reads. Programs without such biases have none of it. */
#ifndef THIMBLE_DSP_FRACTION_H
#define THIMBLE_DSP_FRACTION_H

#ifdef THIMBLE_BIAS_FRACTIONS

/* What prepares a job: flags in r3 turn the addresses of the requantisations, r1 of quads and r12 of
 * single channels, into those of labels 36 and 38. */
#define DSP_PROLOGUE_FRACTIONS \
  "tst r3, #8\n" \
  "itt ne\n" \
  "adrne.w r1, 36f\n" \
  "adrne.w r12, 38f\n"

/* Two pixels: labels 36 and 38, outputs of a quad and of a single channel. */
#define DSP_PAIR_FRACTIONS \
  "36:\n" \
  "ldr r0, " DSP_REQUANTIZE "\n" \
  "ldr r2, [r0]\n" \
  "sub r6, r6, r8\n" \
  "sub r7, r7, r9\n" \
  "sub r10, r10, r12\n" \
  "sub r11, r11, lr\n" \
  DSP_EXACT_CHANNEL("4") DSP_FRACTION_EVEN("r8") DSP_FRACTION_EVEN("r9") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("8") DSP_FRACTION_ODD("r6") DSP_FRACTION_ODD("r7") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("12") DSP_FRACTION_EVEN("r12") DSP_FRACTION_EVEN("lr") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("16") DSP_FRACTION_ODD("r10") DSP_FRACTION_ODD("r11") \
  "add r0, r0, #20\n" \
  "b 9b\n"
#define DSP_PAIR_FRACTION_SINGLE \
  "38:\n" \
  "ldr r4, " DSP_BASE "\n" \
  "lsl r4, r4, r2\n" \
  DSP_FRACTION_EVEN("r6") DSP_FRACTION_EVEN("r7") \
  "b 9b\n"

/* One pixel. */
#define DSP_ONE_FRACTIONS \
  "36:\n" \
  "ldr r0, " DSP_REQUANTIZE "\n" \
  "ldr r2, [r0]\n" \
  "sub r8, r8, r9\n" \
  "sub r10, r10, r11\n" \
  DSP_EXACT_CHANNEL("4") DSP_FRACTION_EVEN("r9") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("8") DSP_FRACTION_ODD("r8") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("12") DSP_FRACTION_EVEN("r11") \
  "ror r2, r2, #8\n" \
  DSP_EXACT_CHANNEL("16") DSP_FRACTION_ODD("r10") \
  "b 9b\n"
#define DSP_ONE_FRACTION_SINGLE \
  "38:\n" \
  "ldr r4, " DSP_BASE "\n" \
  "lsl r4, r4, r2\n" \
  DSP_FRACTION_EVEN("r8") \
  "b 9b\n"

#else
#define DSP_PROLOGUE_FRACTIONS
#define DSP_PAIR_FRACTIONS
#define DSP_PAIR_FRACTION_SINGLE
#define DSP_ONE_FRACTIONS
#define DSP_ONE_FRACTION_SINGLE
#endif

#endif
