package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a quantised 1 / sqrt(x) needs: rule Q34 of quantization.md. The inverse root of the stored
 * difference in fixed point, of {@link #FRACTION_BITS} bits, is requantised.
 */
public record RsqrtQuantization(int inputZeroPoint, int outputZeroPoint, Multiplier output) {
  private static final int FRACTION_BITS = 20;
  private static final int ONE_Q3 = 1 << 28;
  private static final int HALF_ROOT_TWO = 1518500250;

  public static RsqrtQuantization of(TensorType input, TensorType output, Rounding rounding) {
    double real = 1.0 / (double) ((float) Math.sqrt(input.scale()) * output.scale());
    Multiplier multiplier = FixedPoint.quantizeMultiplier(real, rounding);
    int shift = multiplier.shift() - FRACTION_BITS;
    Checks.require(
        shift <= 10 && shift >= -31, "the scales are too small or too large for an inverse root");
    return new RsqrtQuantization(
        input.zeroPoint(), output.zeroPoint(), new Multiplier(multiplier.multiplier(), shift));
  }

  /** The stored result of a stored element; the greatest one for numbers that are not positive. */
  public int apply(int stored, Rounding rounding) {
    int value = stored - inputZeroPoint;
    if (value <= 0) {
      return Byte.MAX_VALUE;
    }
    Multiplier inverse = inverseRoot(value);
    int root =
        FixedPoint.requantize(1, inverse.multiplier(), inverse.shift() + FRACTION_BITS, rounding);
    int result = FixedPoint.requantize(root, output, rounding) + outputZeroPoint;
    return Math.clamp(result, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** 1 / sqrt of an integer of at most 8 bits, by five steps of Newton's method from 1. */
  private static Multiplier inverseRoot(int value) {
    if (value == 1) {
      return new Multiplier(Integer.MAX_VALUE, 0);
    }
    int pairs = (Integer.numberOfLeadingZeros(value) - 1) / 2 - 1;
    int input = value << (2 * pairs);
    int half = FixedPoint.roundingShift(input >> 1, 1);
    int x = ONE_Q3;
    for (int step = 0; step < 5; step++) {
      int square = FixedPoint.highMultiply(x, x);
      int cube = FixedPoint.saturatingShift(FixedPoint.highMultiply(square, x), 6);
      int difference =
          FixedPoint.highMultiply(ONE_Q3 + ONE_Q3 / 2, x) - FixedPoint.highMultiply(half, cube);
      x = FixedPoint.saturatingShift(difference, 3);
    }
    x = FixedPoint.highMultiply(x, HALF_ROOT_TWO);
    int shift = 11 - pairs;
    return shift < 0 ? new Multiplier(x << -shift, 0) : new Multiplier(x, -shift);
  }
}
