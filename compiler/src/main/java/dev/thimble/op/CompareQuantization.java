package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a comparison of quantised elements needs: rule Q28 of quantization.md. What is compared is
 * {@code requantize((a - zeroPoint) << 8, multiplier)} of each side.
 */
public record CompareQuantization(
    int firstZeroPoint, int secondZeroPoint, Multiplier first, Multiplier second) {
  /** The bits that keep the inputs' precision through their requantisation. */
  public static final int LEFT_SHIFT = 8;

  public CompareQuantization {
    Checks.require(
        first.shift() <= 0 && second.shift() <= 0,
        "quantised elements that are compared must have scales below 1");
  }

  public static CompareQuantization of(TensorType first, TensorType second, Rounding rounding) {
    return new CompareQuantization(
        first.zeroPoint(),
        second.zeroPoint(),
        FixedPoint.quantizeMultiplier(first.scale(), rounding),
        FixedPoint.quantizeMultiplier(second.scale(), rounding));
  }

  /** Less than 0, 0 or more than 0, as the first stored element is to the second. */
  public int apply(int a, int b, Rounding rounding) {
    return Integer.compare(
        FixedPoint.requantize((a - firstZeroPoint) << LEFT_SHIFT, first, rounding),
        FixedPoint.requantize((b - secondZeroPoint) << LEFT_SHIFT, second, rounding));
  }
}
