package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorType;

/**
 * What a quantised multiplication needs: rule Q22 of quantization.md. The result is {@code
 * clamp(outputZeroPoint + requantize((a - firstZeroPoint) * (b - secondZeroPoint), multiplier),
 * min, max)}.
 */
public record MulQuantization(
    int firstZeroPoint,
    int secondZeroPoint,
    int outputZeroPoint,
    Multiplier multiplier,
    int min,
    int max) {
  /** The largest left shift after which the product of two such differences fits an int32. */
  private static final int MAX_LEFT_SHIFT = 15;

  public MulQuantization {
    Checks.require(
        multiplier.shift() <= MAX_LEFT_SHIFT,
        "the product of the inputs' scales is more than 2^"
            + MAX_LEFT_SHIFT
            + " times the output's");
  }

  /** The constants of a multiplication; the scales' product and quotient are doubles. */
  public static MulQuantization of(
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
    double real = (double) first.scale() * (double) second.scale() / (double) output.scale();
    Multiplier multiplier = FixedPoint.quantizeMultiplier(real, rounding);
    Checks.require(
        output.dtype() != DType.INT16 || multiplier.shift() <= 0,
        "the product of the inputs' scales is more than the output's");
    return new MulQuantization(
        first.zeroPoint(),
        second.zeroPoint(),
        output.zeroPoint(),
        multiplier,
        activation.quantizedMin(output),
        activation.quantizedMax(output));
  }

  /** The stored product of two stored elements. */
  public int apply(int a, int b, Rounding rounding) {
    int product = (a - firstZeroPoint) * (b - secondZeroPoint);
    int result = FixedPoint.requantize(product, multiplier, rounding) + outputZeroPoint;
    return Math.clamp(result, min, max);
  }
}
