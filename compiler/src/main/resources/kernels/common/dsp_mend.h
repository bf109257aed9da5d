/* What mends the sums of quads with weights of -128: see dsp_gemm.h, whose fields' addresses it reads.
 * Programs without such quads have none of it. */
#ifndef THIMBLE_DSP_MEND_CODE_H
#define THIMBLE_DSP_MEND_CODE_H

/* What prepares a job whose quads are mended: flags in r3 turn the address in r1, of the quads'
 * requantisation, into that of what mends before it, label 20 or, where it is exact, 21. */
#ifdef THIMBLE_DSP_MEND
#define DSP_MEND_PREPARE \
  "tst r3, #16\n" \
  "beq 22f\n" \
  "adr.w r1, 20f\n" \
  "tst r3, #2\n" \
  "it ne\n" \
  "adrne.w r1, 21f\n" \
  "22:\n"
#else
#define DSP_MEND_PREPARE ""
#endif

/* Mends a quad's sums of two pixels, and goes on with the requantisation. */
#ifdef THIMBLE_DSP_MEND
#define DSP_PAIR_MEND(label, next) \
  label ":\n" \
  "ldr r0, " DSP_COLUMN "\n" \
  "23:\n" \
  "ldr r2, [r1], #4\n" \
  "cmp r2, #0\n" \
  "bmi.w " next "\n" \
  "ubfx r3, r2, #0, #18\n" \
  "add r3, r3, r0\n" \
  "ldrsh r4, [r3]\n" \
  "ldrsh r5, [r3, #4]\n" \
  "tst r2, #0x40000\n" \
  "ittee eq\n" \
  "subeq r6, r6, r4, lsl #16\n" \
  "subeq r7, r7, r5, lsl #16\n" \
  "subne r10, r10, r4, lsl #16\n" \
  "subne r11, r11, r5, lsl #16\n" \
  "tst r2, #0x80000\n" \
  "bne 23b\n" \
  "b.w " next "\n"
#define DSP_PAIR_MENDS DSP_PAIR_MEND("20", "5b") DSP_PAIR_MEND("21", "6b")
#else
#define DSP_PAIR_MENDS ""
#endif

/* The same of one pixel. `at` loads an element to r4. */
#ifdef THIMBLE_DSP_MEND
#define DSP_COLUMN_AT \
  "ubfx r3, r2, #1, #17\n" \
  "ubfx r4, r2, #1, #1\n" \
  "add r3, r3, r4\n" \
  "ldrsh r4, [r0, r3]\n"
#define DSP_DIRECT_AT \
  "ubfx r3, r2, #0, #18\n" \
  "ldrsb r4, [r0, r3]\n"
#define DSP_ONE_MEND(label, at, next) \
  label ":\n" \
  "ldr r0, " DSP_COLUMN "\n" \
  "23:\n" \
  "ldr r2, [r1], #4\n" \
  "cmp r2, #0\n" \
  "bmi.w " next "\n" at \
  "tst r2, #0x40000\n" \
  "ite eq\n" \
  "subeq r8, r8, r4, lsl #16\n" \
  "subne r10, r10, r4, lsl #16\n" \
  "tst r2, #0x80000\n" \
  "bne 23b\n" \
  "b.w " next "\n"
#define DSP_ONE_MENDS(at) DSP_ONE_MEND("20", at, "5b") DSP_ONE_MEND("21", at, "6b")
#else
#define DSP_COLUMN_AT ""
#define DSP_DIRECT_AT ""
#define DSP_ONE_MENDS(at) ""
#endif

#endif
