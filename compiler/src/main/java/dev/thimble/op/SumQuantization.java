package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;

/**
 * What a quantised difference, or a sum of 16-bit elements, needs: rules Q24 and Q25 of
 * quantization.md. The result is {@code clamp(outputZeroPoint + requantize(requantize((a -
 * firstZeroPoint) << leftShift, first) + sign * requantize((b - secondZeroPoint) << leftShift,
 * second), output), min, max)}.
 */
public record SumQuantization(
    int firstZeroPoint,
    int secondZeroPoint,
    int outputZeroPoint,
    Multiplier first,
    Multiplier second,
    Multiplier output,
    int leftShift,
    int sign,
    int min,
    int max) {
  public SumQuantization {
    Checks.require(
        first.shift() <= 0 && second.shift() <= 0 && output.shift() <= 0,
        "the output's scale is too small for a "
            + (sign > 0 ? "sum" : "difference")
            + " of inputs of these scales");
  }

  /** The constants of a sum. */
  public static SumQuantization ofSum(
      TensorType first,
      TensorType second,
      TensorType output,
      Activation activation,
      Rounding rounding) {
    return of(first, second, output, activation, rounding, 1);
  }

  /** The constants of a difference. */
  public static SumQuantization ofDifference(
      TensorType first,
      TensorType second,
      TensorType output,
      Activation activation,
      Rounding rounding) {
    return of(first, second, output, activation, rounding, -1);
  }

  private static SumQuantization of(
      TensorType first,
      TensorType second,
      TensorType output,
      Activation activation,
      Rounding rounding,
      int sign) {
    int leftShift = output.dtype() == DType.INT16 ? 15 : AddQuantization.LEFT_SHIFT;
    double common = 2 * (double) Math.max(first.scale(), second.scale());
    return new SumQuantization(
        first.zeroPoint(),
        second.zeroPoint(),
        output.zeroPoint(),
        FixedPoint.quantizeMultiplier(first.scale() / common, rounding),
        FixedPoint.quantizeMultiplier(second.scale() / common, rounding),
        FixedPoint.quantizeMultiplier(
            common / ((1 << leftShift) * (double) output.scale()), rounding),
        leftShift,
        sign,
        activation.quantizedMin(output),
        activation.quantizedMax(output));
  }

  /** The stored result of two stored elements. */
  public int apply(int a, int b, Rounding rounding) {
    int left = FixedPoint.requantize((a - firstZeroPoint) << leftShift, first, rounding);
    int right = FixedPoint.requantize((b - secondZeroPoint) << leftShift, second, rounding);
    int sum = FixedPoint.requantize(left + sign * right, output, rounding) + outputZeroPoint;
    return Math.clamp(sum, min, max);
  }
}
