/* Requantisation on cores with the DSP extension, in assembly. */
#ifndef THIMBLE_DSP_REQUANTIZE_H
#define THIMBLE_DSP_REQUANTIZE_H

#include "common/assembly.h"
#include "common/function.h"

/* A function that is assembly alone. The compiler must not conclude from its empty body that it
 * takes no arguments and changes no registers. */
#if defined(__clang__)
#define THIMBLE_NAKED THIMBLE_ASSEMBLY
#else
#define THIMBLE_NAKED __attribute__((naked, noipa, unused))
#endif

/* The high word of twice a sum times the multiplier in r3, plus the offset in r4. */
#ifdef THIMBLE_SINGLE_ROUNDING
#define DSP_SCALE(acc) "smmla " acc ", " acc ", r3, r4\n"
#else
/* The first rounding is that of SMMLAR. A tie of the second one goes away from zero, that is down
 * for a negative sum. */
#define DSP_SCALE(acc) \
  "add r5, r4, " acc ", asr #31\n" \
  "smmlar " acc ", " acc ", r3, r5\n"
#endif

/* Twice a sum in a register becomes its output: r2's low byte is the right shift less one, r3 the
 * multiplier, r4 the offset. */
#define DSP_EXACT_OUTPUT(acc) \
  DSP_SCALE(acc) \
  "asr " acc ", " acc ", r2\n" \
  "ssat " acc ", #8, " acc ", asr #1\n"

/* As DSP_EXACT_OUTPUT, of a sum and of 256 times a sum. */
#define DSP_EXACT_EVEN(acc) "lsl " acc ", " acc ", #1\n" DSP_EXACT_OUTPUT(acc)
#define DSP_EXACT_ODD(acc) "asr " acc ", " acc ", #7\n" DSP_EXACT_OUTPUT(acc)

/* As DSP_EXACT_OUTPUT, where biases have fractions: of a sum plus 2^23, the fraction in its upper
 * byte, and of 256 times a sum plus the fraction. Shifts are by seven bits more. */
#define DSP_FRACTION_EVEN(acc) \
  "ror " acc ", " acc ", #24\n" \
  "eor " acc ", " acc ", #0x80000000\n" DSP_EXACT_OUTPUT(acc)
#define DSP_FRACTION_ODD(acc) DSP_EXACT_OUTPUT(acc)

/* Loads a quad's multiplier at r0 and its channel's offset: (2 * output zero point + 1) / 2 in
 * units of the output. */
#define DSP_EXACT_CHANNEL(at) \
  "ldr r3, [r0, #" at "]\n" \
  "ldr r4, " DSP_BASE "\n" \
  "lsl r4, r4, r2\n"

#endif
