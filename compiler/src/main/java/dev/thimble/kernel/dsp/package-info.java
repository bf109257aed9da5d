/**
 * Kernels for cores with the DSP extension of Armv7E-M and Armv8-M (Cortex-M4, M7 and M33), which
 * multiply two pairs of 16-bit numbers and add both products by one instruction.
 */
@NullMarked
package dev.thimble.kernel.dsp;

import org.jspecify.annotations.NullMarked;
