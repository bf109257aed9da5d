package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;

/**
 * What a quantised mean, or sum, of {@code count} elements needs: rules Q10 and Q50 of
 * quantization.md. The result is {@code clamp(outputZeroPoint + requantize(sum - count *
 * inputZeroPoint, multiplier))}, in the range of int8 or int16; the multiplier of a mean holds the
 * division by the count and may lie below 2^30.
 */
public record MeanQuantization(
    DType dtype, int inputZeroPoint, int outputZeroPoint, int count, Multiplier multiplier) {
  public MeanQuantization {
    long largest = (range(dtype) * count) << multiplier.leftShift();
    Checks.require(
        largest <= Integer.MAX_VALUE,
        "the sum of "
            + count
            + " elements, shifted left by "
            + multiplier.leftShift()
            + ", does not fit an int32");
  }

  /** The greatest difference of two stored numbers. */
  private static long range(DType dtype) {
    return dtype.max() - dtype.min();
  }

  /** The constants of a mean or sum of quantised elements. */
  public static MeanQuantization of(
      Reduce op, TensorType input, TensorType output, Rounding rounding) {
    int count = op.count(input);
    if (op.function() == Reduce.Function.MEAN) {
      return of(input, output, count, rounding);
    }
    double real = (double) input.scale() / (double) output.scale();
    return new MeanQuantization(
        input.dtype(),
        input.zeroPoint(),
        output.zeroPoint(),
        count,
        FixedPoint.quantizeMultiplier(real, rounding));
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
        input.dtype(),
        input.zeroPoint(),
        output.zeroPoint(),
        count,
        new Multiplier((int) divided, scaled.shift() - shift));
  }

  /** The stored result for elements whose stored numbers have this sum. */
  public int apply(int sum, Rounding rounding) {
    int result =
        FixedPoint.requantize(sum - count * inputZeroPoint, multiplier, rounding) + outputZeroPoint;
    return Math.clamp(result, dtype.minValue(), dtype.maxValue());
  }
}
