package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a quantised addition needs: rule Q9 of quantization.md. Both inputs are shifted left by
 * {@link #LEFT_SHIFT}, requantised to a common scale, added and requantised to the output's: {@code
 * clamp(outputZeroPoint + requantize(requantize((a - firstZeroPoint) << 20, first) + requantize((b
 * - secondZeroPoint) << 20, second), output), min, max)}.
 */
public record AddQuantization(
    int firstZeroPoint,
    int secondZeroPoint,
    int outputZeroPoint,
    Multiplier first,
    Multiplier second,
    Multiplier output,
    int min,
    int max) {
  /** The bits that keep the inputs' precision through their requantisation. */
  public static final int LEFT_SHIFT = 20;

  public AddQuantization {
    Checks.require(
        first.shift() <= 0 && second.shift() <= 0 && output.shift() <= 0,
        "the output's scale is too small for an addition of inputs of these scales");
  }

  /**
   * The constants of an addition. Throws {@link IllegalArgumentException} when the output's scale
   * is some 2^19 times smaller than an input's, which the reference kernel refuses.
   */
  public static AddQuantization of(
      TensorType first,
      TensorType second,
      TensorType output,
      Activation activation,
      Rounding rounding) {
    double common = 2 * (double) Math.max(first.scale(), second.scale());
    return new AddQuantization(
        first.zeroPoint(),
        second.zeroPoint(),
        output.zeroPoint(),
        FixedPoint.quantizeMultiplier(first.scale() / common, rounding),
        FixedPoint.quantizeMultiplier(second.scale() / common, rounding),
        FixedPoint.quantizeMultiplier(
            common / ((1 << LEFT_SHIFT) * (double) output.scale()), rounding),
        activation.quantizedMin(output),
        activation.quantizedMax(output));
  }

  /** The stored sum of two stored elements. */
  public int apply(int a, int b, Rounding rounding) {
    int left = FixedPoint.requantize((a - firstZeroPoint) << LEFT_SHIFT, first, rounding);
    int right = FixedPoint.requantize((b - secondZeroPoint) << LEFT_SHIFT, second, rounding);
    int sum = FixedPoint.requantize(left + right, output, rounding) + outputZeroPoint;
    return Math.clamp(sum, min, max);
  }
}
