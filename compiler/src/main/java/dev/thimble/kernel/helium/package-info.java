/**
 * Kernels for cores with M-profile vector instructions (MVE, "Helium"), such as Cortex-M55: 16 int8
 * elements to a vector, and sums of 16 products by one instruction.
 */
@NullMarked
package dev.thimble.kernel.helium;

import org.jspecify.annotations.NullMarked;
