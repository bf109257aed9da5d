package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a cumulative sum of quantised int8 needs: rule Q51 of quantization.md. Elements are scaled
 * to half of their own scale, with 20 bits of fraction, added, and scaled to the output's.
 */
public record CumulativeSumQuantization(
    int inputZeroPoint, int outputZeroPoint, Multiplier input, Multiplier output) {
  /** The bits of fraction. */
  public static final int FRACTION = 20;

  /** The constants of sums of so many elements; throws where they could leave an int32. */
  public static CumulativeSumQuantization of(
      TensorType input, TensorType output, int count, Rounding rounding) {
    double twice = 2 * (double) input.scale();
    Multiplier out =
        FixedPoint.quantizeMultiplier(
            twice / ((1 << FRACTION) * (double) output.scale()), rounding);
    Checks.require(out.shift() <= 0, "the output's scale is less than 2^-19 of the input's");
    int widest = Math.max(127 - input.zeroPoint(), 128 + input.zeroPoint());
    long largest = ((count + 1L) * widest) << (FRACTION - 1);
    Checks.require(
        largest <= Integer.MAX_VALUE, "sums of " + count + " elements do not fit an int32");
    return new CumulativeSumQuantization(
        input.zeroPoint(),
        output.zeroPoint(),
        FixedPoint.quantizeMultiplier((double) input.scale() / twice, rounding),
        out);
  }

  /** The sum of no elements: the reference begins with minus the input's zero point. */
  int start(Rounding rounding) {
    return FixedPoint.requantize((-inputZeroPoint) << FRACTION, input, rounding);
  }

  int scaled(int stored, Rounding rounding) {
    return FixedPoint.requantize((stored - inputZeroPoint) << FRACTION, input, rounding);
  }

  int stored(int sum, Rounding rounding) {
    int result = FixedPoint.requantize(sum, output, rounding) + outputZeroPoint;
    return Math.clamp(result, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }
}
