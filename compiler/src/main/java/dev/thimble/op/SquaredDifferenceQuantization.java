package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;

/**
 * What a quantised squared difference needs: rule Q26 of quantization.md. The result is {@code
 * clamp(outputZeroPoint + requantize(d * d, output), min, max)} of {@code d = requantize((a -
 * firstZeroPoint) << leftShift, first) - requantize((b - secondZeroPoint) << leftShift, second)}.
 */
public record SquaredDifferenceQuantization(
    int firstZeroPoint,
    int secondZeroPoint,
    int outputZeroPoint,
    Multiplier first,
    Multiplier second,
    Multiplier output,
    int leftShift,
    int min,
    int max) {
  public SquaredDifferenceQuantization {
    Checks.require(
        first.shift() <= 0 && second.shift() <= 0 && output.shift() <= 0,
        "the output's scale is too small for a squared difference of inputs of these scales");
  }

  /** The constants; every quotient of scales is a double. */
  public static SquaredDifferenceQuantization of(
      TensorType first,
      TensorType second,
      TensorType output,
      Activation activation,
      Rounding rounding) {
    if (output.dtype() == DType.INT16) {
      Checks.symmetric(first);
      Checks.symmetric(second);
      Checks.symmetric(output);
    }
    int leftShift = output.dtype() == DType.INT16 ? 0 : 7;
    double common = 2.0 * Math.max(first.scale(), second.scale());
    return new SquaredDifferenceQuantization(
        first.zeroPoint(),
        second.zeroPoint(),
        output.zeroPoint(),
        FixedPoint.quantizeMultiplier(first.scale() / common, rounding),
        FixedPoint.quantizeMultiplier(second.scale() / common, rounding),
        FixedPoint.quantizeMultiplier(
            common * common / ((1 << (2 * leftShift)) * (double) output.scale()), rounding),
        leftShift,
        activation.quantizedMin(output),
        activation.quantizedMax(output));
  }

  /** The stored result of two stored elements. */
  public int apply(int a, int b, Rounding rounding) {
    int left = FixedPoint.requantize((a - firstZeroPoint) << leftShift, first, rounding);
    int right = FixedPoint.requantize((b - secondZeroPoint) << leftShift, second, rounding);
    int square = (left - right) * (left - right);
    return Math.clamp(FixedPoint.requantize(square, output, rounding) + outputZeroPoint, min, max);
  }
}
