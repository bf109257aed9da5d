package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/**
 * What a quantised sigmoid needs: rule Q14 of quantization.md. Stored elements at least {@code
 * radius} from the zero point saturate; the others are requantised by {@code input} to a number of
 * {@link #INPUT_INTEGER_BITS} integer bits.
 */
public record SigmoidQuantization(int inputZeroPoint, Multiplier input, int radius) {
  /** The integer bits of the number whose sigmoid is taken. */
  public static final int INPUT_INTEGER_BITS = 4;

  /**
   * The constants of a sigmoid. Throws {@link IllegalArgumentException} when the input's scale is
   * below 2^-28, where the reference kernel has no meaning.
   */
  public static SigmoidQuantization of(TensorType input) {
    int fractionBits = 31 - INPUT_INTEGER_BITS;
    double real = (double) input.scale() * (1 << fractionBits);
    int shift = Math.getExponent(real) + 1;
    Checks.require(shift >= 0, "input scale " + input.scale() + " is too small for a sigmoid");
    int fraction = (int) Math.scalb(real, 31 - shift);
    double radius = ((1 << INPUT_INTEGER_BITS) - 1) * Math.scalb(1.0, fractionBits - shift);
    // Beyond a shift of 30 the radius is 0: every element saturates and none is multiplied.
    return new SigmoidQuantization(
        input.zeroPoint(), new Multiplier(fraction, Math.min(shift, 31)), (int) Math.floor(radius));
  }

  /** The stored result, of scale 1/256 and zero point -128, of a stored element. */
  public int apply(int stored, Rounding rounding) {
    int centred = stored - inputZeroPoint;
    if (centred <= -radius) {
      return Byte.MIN_VALUE;
    }
    if (centred >= radius) {
      return Byte.MAX_VALUE;
    }
    int scaled = FixedPoint.requantize(centred, input, rounding);
    int result = FixedPoint.logistic(scaled, INPUT_INTEGER_BITS);
    return Math.clamp(
        FixedPoint.roundingShift(result, 31 - 8) + Byte.MIN_VALUE, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** The stored hyperbolic tangent, of scale 1/128 and zero point 0, of a stored element. */
  public int tanh(int stored, Rounding rounding) {
    int centred = stored - inputZeroPoint;
    if (centred <= -radius) {
      return Byte.MIN_VALUE;
    }
    if (centred >= radius) {
      return Byte.MAX_VALUE;
    }
    int scaled = FixedPoint.requantize(centred, input, rounding);
    int result = FixedPoint.roundingShift(FixedPoint.tanh(scaled, INPUT_INTEGER_BITS), 31 - 7);
    return Math.clamp(result, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  /** The results of the stored elements -128 to 127, in this order. */
  public int[] table(Rounding rounding) {
    int[] table = new int[256];
    for (int stored = -128; stored < 128; stored++) {
      table[stored + 128] = apply(stored, rounding);
    }
    return table;
  }
}
