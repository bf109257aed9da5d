package dev.thimble.op;

/**
 * The fixed-point arithmetic of quantised networks; {@code docs/quantization.md} numbers its rules.
 * Source: the TensorFlow Lite reference kernels and gemmlowp's fixed-point functions.
 *
 * <p>Raw numbers in "Qm.f" have m integer bits, f fractional bits and a sign: a Q0.31 stands for
 * {@code raw / 2^31}, and its 1 is the largest int32.
 */
public final class FixedPoint {
  /** The factors of {@link #expOnNegatives}: exp(-2^e) in Q0.31 for e = -2 to 4. */
  private static final int[] EXP_OF_POWERS = {
    1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242
  };

  private static final int EXP_OF_MINUS_ONE_EIGHTH = 1895147668;
  private static final int ONE_THIRD = 715827883;
  private static final int FORTY_EIGHT_SEVENTEENTHS_Q2 = 1515870810;
  private static final int MINUS_THIRTY_TWO_SEVENTEENTHS_Q2 = -1010580540;

  private FixedPoint() {}

  /** The nearest integer, ties away from zero, as C's {@code roundf} has it. */
  public static float roundHalfAway(float value) {
    return (float) (Math.signum(value) * Math.floor(Math.abs((double) value) + 0.5));
  }

  /**
   * A real number as a multiplier: rule Q3. Throws {@link IllegalArgumentException} for a negative
   * or infinite number, and with {@link Rounding#DOUBLE} for one that needs a shift beyond 30,
   * which the reference cannot represent; {@link Rounding#SINGLE} saturates there.
   */
  public static Multiplier quantizeMultiplier(double real, Rounding rounding) {
    Checks.require(
        real >= 0 && Double.isFinite(real), "a multiplier must be >= 0 and finite, was " + real);
    if (real == 0) {
      return new Multiplier(0, 0);
    }
    int shift = Math.getExponent(real) + 1;
    long fraction = (long) Math.floor(Math.scalb(real, 31 - shift) + 0.5);
    if (fraction == 1L << 31) {
      fraction /= 2;
      shift++;
    }
    if (shift < -31) {
      return new Multiplier(0, 0);
    }
    if (shift > 30) {
      return switch (rounding) {
        case SINGLE -> new Multiplier(Integer.MAX_VALUE, 30);
        case DOUBLE ->
            throw new IllegalArgumentException(
                "multiplier " + real + " is too large; scales differ");
      };
    }
    return new Multiplier((int) fraction, shift);
  }

  /**
   * The accumulator times the multiplier, rounded to an integer: rule Q4. {@code acc} shifted left
   * must fit an int32; the reference leaves anything else undefined, and here it wraps.
   */
  public static int requantize(int acc, Multiplier multiplier, Rounding rounding) {
    return requantize(acc, multiplier.multiplier(), multiplier.shift(), rounding);
  }

  /** {@link #requantize(int, Multiplier, Rounding)} for a multiplier and shift held as ints. */
  public static int requantize(int acc, int multiplier, int shift, Rounding rounding) {
    return switch (rounding) {
      case DOUBLE -> {
        int product = highMultiply(acc << Math.max(shift, 0), multiplier);
        yield roundingShift(product, Math.max(-shift, 0));
      }
      case SINGLE -> {
        int right = 31 - shift;
        yield (int) ((acc * (long) multiplier + (1L << (right - 1))) >> right);
      }
    };
  }

  /**
   * The accumulator and a fraction, in units of 2^-8 and less than 1, times the multiplier, rounded
   * once, half up: rule Q70. Throws {@link IllegalArgumentException} for double rounding.
   */
  static int requantize(int acc, int fraction, Multiplier multiplier, Rounding rounding) {
    Checks.require(
        rounding == Rounding.SINGLE, "biases with fractions are defined for single rounding");
    int right = 31 - multiplier.shift();
    // All but this term is whole before the shift, so that the bits below it decide nothing.
    long more = (fraction * (long) multiplier.multiplier()) >> Bias.MAX_BITS;
    return (int) ((acc * (long) multiplier.multiplier() + more + (1L << (right - 1))) >> right);
  }

  /**
   * The 64-bit accumulator times the multiplier's upper 16 bits, rounded once, half up: rule Q61.
   * The result's upper bits are lost where it does not fit an int32, as in the reference.
   */
  public static int requantizeWide(long acc, Multiplier multiplier) {
    int total = 15 - multiplier.shift();
    return (int) ((acc * reduced(multiplier) + (1L << (total - 1))) >> total);
  }

  /** A multiplier's upper 16 bits, rounded half up, at most 2^15 - 1. */
  public static int reduced(Multiplier multiplier) {
    return multiplier.multiplier() < 0x7FFF0000
        ? (multiplier.multiplier() + (1 << 15)) >> 16
        : 0x7FFF;
  }

  /**
   * {@code a * b / 2^31} rounded to the nearest, ties upwards, saturated where both are the
   * smallest int32: gemmlowp's SaturatingRoundingDoublingHighMul, ARM's VQRDMULH.
   */
  public static int highMultiply(int a, int b) {
    if (a == Integer.MIN_VALUE && b == Integer.MIN_VALUE) {
      return Integer.MAX_VALUE;
    }
    return (int) ((a * (long) b + (1L << 30)) >> 31);
  }

  /**
   * {@code value / 2^exponent} rounded to the nearest, ties away from zero, for an exponent in [0,
   * 31]: gemmlowp's RoundingDivideByPOT.
   */
  public static int roundingShift(int value, int exponent) {
    int mask = (int) ((1L << exponent) - 1);
    int remainder = value & mask;
    int threshold = (mask >>> 1) + (value < 0 ? 1 : 0);
    return (value >> exponent) + (remainder > threshold ? 1 : 0);
  }

  /** {@code value * 2^exponent}, saturated to an int32, for an exponent in [0, 31]. */
  public static int saturatingShift(int value, int exponent) {
    return Math.clamp((long) value << exponent, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /**
   * exp(a) in Q0.31 for a number {@code a <= 0} of {@code integerBits} integer bits, which may be 0
   * to 5; exp(0) is the largest int32: rule Q12.
   */
  public static int expOnNegatives(int a, int integerBits) {
    if (a == 0) {
      return Integer.MAX_VALUE;
    }
    int fractionBits = 31 - integerBits;
    int quarter = 1 << (fractionBits - 2);
    int modulus = (a & (quarter - 1)) - quarter;
    int result = expBetweenMinusQuarterAndZero(saturatingShift(modulus, integerBits));
    int remainder = modulus - a;
    for (int exponent = -2; exponent < integerBits; exponent++) {
      if ((remainder & (1 << (fractionBits + exponent))) != 0) {
        result = highMultiply(result, EXP_OF_POWERS[exponent + 2]);
      }
    }
    return result;
  }

  /** exp of a Q0.31 in [-1/4, 0): four terms of the series around -1/8. */
  private static int expBetweenMinusQuarterAndZero(int a) {
    int x = a + (1 << 28);
    int x2 = highMultiply(x, x);
    int x3 = highMultiply(x2, x);
    int x4 = highMultiply(x2, x2);
    int tail = highMultiply(roundingShift(x4, 2) + x3, ONE_THIRD) + x2;
    return EXP_OF_MINUS_ONE_EIGHTH
        + highMultiply(EXP_OF_MINUS_ONE_EIGHTH, x + roundingShift(tail, 1));
  }

  /** 1 / (1 + a) in Q0.31 for a Q0.31 in [0, 1]: rule Q13. */
  public static int oneOverOnePlus(int a) {
    return saturatingShift(twoOverOnePlus(a), 1);
  }

  /** (1 - a) / (1 + a) in Q0.31 for a Q0.31 in [0, 1]: rule Q35. */
  static int oneMinusOverOnePlus(int a) {
    return saturatingShift(twoOverOnePlus(a) - (1 << 29), 2);
  }

  /** 2 / (1 + a) in Q2.29 for a Q0.31 in [0, 1]: three Newton steps. */
  private static int twoOverOnePlus(int a) {
    int halfDenominator = (int) ((a + (long) Integer.MAX_VALUE + 1) / 2);
    int x =
        FORTY_EIGHT_SEVENTEENTHS_Q2
            + highMultiply(halfDenominator, MINUS_THIRTY_TWO_SEVENTEENTHS_Q2);
    for (int step = 0; step < 3; step++) {
      int error = (1 << 29) - highMultiply(halfDenominator, x);
      x += saturatingShift(highMultiply(x, error), 2);
    }
    return x;
  }

  /** 1 / (1 + exp(-a)) in Q0.31 for a number of {@code integerBits} integer bits: rule Q14. */
  public static int logistic(int a, int integerBits) {
    if (a == 0) {
      return 1 << 30;
    }
    int ofMagnitude = oneOverOnePlus(expOnNegatives(a > 0 ? -a : a, integerBits));
    return a > 0 ? ofMagnitude : Integer.MAX_VALUE - ofMagnitude;
  }

  /** tanh(a) in Q0.31 for a number of {@code integerBits} integer bits: rule Q35. */
  public static int tanh(int a, int integerBits) {
    if (a == 0) {
      return 0;
    }
    int ofMagnitude = oneMinusOverOnePlus(expOnNegatives(a > 0 ? -a : a, integerBits + 1));
    return a > 0 ? ofMagnitude : -ofMagnitude;
  }
}
