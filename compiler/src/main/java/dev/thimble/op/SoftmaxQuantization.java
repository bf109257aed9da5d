package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a quantised softmax needs: rule Q15 of quantization.md. An element's distance to its row's
 * maximum, at least {@code diffMin}, is requantised by {@code input} to a number of {@link
 * #DIFFERENCE_INTEGER_BITS} integer bits; smaller elements count as exp = 0.
 */
public record SoftmaxQuantization(Multiplier input, int diffMin) {
  /** The integer bits of a scaled difference, whose exponential is taken. */
  public static final int DIFFERENCE_INTEGER_BITS = 5;

  /** The integer bits of the sum of exponentials. */
  public static final int SUM_INTEGER_BITS = 12;

  /** The entries of a row whose exponentials, all 1, still have a sum that fits 32 bits. */
  public static final int MAX_DEPTH = 8191;

  /**
   * The constants of a softmax. Throws {@link IllegalArgumentException} when {@code beta} times the
   * input's scale is at most 2^-26, which the reference kernel refuses.
   */
  public static SoftmaxQuantization of(TensorType input, float beta, Rounding rounding) {
    int fractionBits = 31 - DIFFERENCE_INTEGER_BITS;
    double largest =
        switch (rounding) {
          case DOUBLE -> (1L << 31) - 1.0;
          case SINGLE -> (1L << 30) - 1.0;
        };
    double real = Math.min((double) beta * input.scale() * (1 << fractionBits), largest);
    Checks.require(
        real > 1, "input scale " + input.scale() + " times beta " + beta + " is too small");
    Multiplier multiplier = multiplier(real);
    double radius =
        ((1 << DIFFERENCE_INTEGER_BITS) - 1)
            * (double) (1L << fractionBits)
            / (1L << multiplier.shift());
    return new SoftmaxQuantization(multiplier, -(int) Math.floor(radius));
  }

  /** A multiplier whose shift may reach 31, as the capped one's does under double rounding. */
  private static Multiplier multiplier(double real) {
    int shift = Math.getExponent(real) + 1;
    long fraction = (long) Math.floor(Math.scalb(real, 31 - shift) + 0.5);
    return fraction == 1L << 31
        ? new Multiplier(1 << 30, shift + 1)
        : new Multiplier((int) fraction, shift);
  }

  /** The Q0.31 exponential of a difference {@code diffMin <= difference <= 0}. */
  public int exp(int difference, Rounding rounding) {
    return FixedPoint.expOnNegatives(
        FixedPoint.requantize(difference, input, rounding), DIFFERENCE_INTEGER_BITS);
  }
}
