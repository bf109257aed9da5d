package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a quantised mean over {@code count} elements needs: rule Q10 of quantization.md. The result
 * is {@code clamp(outputZeroPoint + requantize(sum - count * inputZeroPoint, multiplier), -128,
 * 127)}; the multiplier holds the division by the count and may lie below 2^30.
 */
public record MeanQuantization(
    int inputZeroPoint, int outputZeroPoint, int count, Multiplier multiplier) {
  public MeanQuantization {
    long largest = 255L * count << multiplier.leftShift();
    Checks.require(
        largest <= Integer.MAX_VALUE,
        "the sum of "
            + count
            + " elements, shifted left by "
            + multiplier.leftShift()
            + ", does not fit an int32");
  }

  /** The constants of a mean of {@code count} elements. */
  public static MeanQuantization of(
      TensorType input, TensorType output, int count, Rounding rounding) {
    double real = (double) input.scale() / (double) output.scale();
    Multiplier scaled = FixedPoint.quantizeMultiplier(real, rounding);
    int shift = 63 - Long.numberOfLeadingZeros(count);
    shift = Math.min(Math.min(shift, 32), 31 + scaled.shift());
    long divided = ((long) scaled.multiplier() << shift) / count;
    return new MeanQuantization(
        input.zeroPoint(),
        output.zeroPoint(),
        count,
        new Multiplier((int) divided, scaled.shift() - shift));
  }

  /** The stored mean of elements whose stored numbers have this sum. */
  public int apply(int sum, Rounding rounding) {
    int result =
        FixedPoint.requantize(sum - count * inputZeroPoint, multiplier, rounding) + outputZeroPoint;
    return Math.clamp(result, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }
}
