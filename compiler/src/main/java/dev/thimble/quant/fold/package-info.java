/**
 * Networks that their files state as floats between quantisations, as networks of integers: what is
 * dequantised, computed in float32 and quantised becomes one op of stored numbers.
 */
@NullMarked
package dev.thimble.quant.fold;

import org.jspecify.annotations.NullMarked;
