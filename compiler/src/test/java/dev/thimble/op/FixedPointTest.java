package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

class FixedPointTest {
  private final Samples samples = new Samples(1);

  @Test
  void multipliersOfPowersOfTwoAreExact() {
    assertThat(FixedPoint.quantizeMultiplier(1, Rounding.DOUBLE))
        .isEqualTo(new Multiplier(1 << 30, 1));
    assertThat(FixedPoint.quantizeMultiplier(0.5, Rounding.DOUBLE))
        .isEqualTo(new Multiplier(1 << 30, 0));
    assertThat(FixedPoint.quantizeMultiplier(0.375, Rounding.SINGLE))
        .isEqualTo(new Multiplier(3 << 29, -1));
    assertThat(FixedPoint.quantizeMultiplier(0, Rounding.DOUBLE)).isEqualTo(new Multiplier(0, 0));
  }

  @Test
  void aFractionThatRoundsToOneMovesIntoTheShift() {
    double almostOne = 1 - 0x1p-40;
    assertThat(FixedPoint.quantizeMultiplier(almostOne, Rounding.DOUBLE))
        .isEqualTo(new Multiplier(1 << 30, 1));
  }

  @Test
  void multipliersThatWouldLoseAllBitsAreZero() {
    assertThat(FixedPoint.quantizeMultiplier(0x1p-32, Rounding.DOUBLE))
        .isEqualTo(new Multiplier(1 << 30, -31));
    assertThat(FixedPoint.quantizeMultiplier(0x1p-33, Rounding.DOUBLE))
        .isEqualTo(new Multiplier(0, 0));
    assertThat(FixedPoint.quantizeMultiplier(0x1p-32 - 0x1p-70, Rounding.DOUBLE))
        .isEqualTo(new Multiplier(1 << 30, -31));
    assertThat(FixedPoint.quantizeMultiplier(Double.MIN_VALUE, Rounding.SINGLE))
        .isEqualTo(new Multiplier(0, 0));
  }

  @Test
  void hugeMultipliersSaturateUnderSingleRoundingAndAreRefusedUnderDouble() {
    assertThat(FixedPoint.quantizeMultiplier(0x1p40, Rounding.SINGLE))
        .isEqualTo(new Multiplier(Integer.MAX_VALUE, 30));
    assertThatThrownBy(() -> FixedPoint.quantizeMultiplier(0x1p40, Rounding.DOUBLE))
        .hasMessage("multiplier 1.099511627776E12 is too large; scales differ");
    assertThatThrownBy(() -> FixedPoint.quantizeMultiplier(-1, Rounding.DOUBLE))
        .hasMessage("a multiplier must be >= 0 and finite, was -1.0");
  }

  @Test
  void multipliersAreTheNearestThirtyOneBitNumbers() {
    for (int i = 0; i < 100_000; i++) {
      double real = Math.exp(samples.anyDouble(-20, 15));
      Multiplier m = FixedPoint.quantizeMultiplier(real, Rounding.DOUBLE);
      assertThat(m.multiplier()).isGreaterThanOrEqualTo(1 << 30);
      BigDecimal scaled = new BigDecimal(real).multiply(new BigDecimal(Math.scalb(1.0, 31)));
      BigDecimal fraction =
          m.shift() >= 0
              ? scaled.divide(BigDecimal.TWO.pow(m.shift()))
              : scaled.multiply(BigDecimal.TWO.pow(-m.shift()));
      assertThat(BigDecimal.valueOf(m.multiplier()))
          .isEqualByComparingTo(fraction.setScale(0, RoundingMode.HALF_UP));
    }
  }

  @Test
  void highMultiplyRoundsTiesUpwards() {
    assertThat(FixedPoint.highMultiply(1 << 30, 1)).isEqualTo(1);
    assertThat(FixedPoint.highMultiply(1 << 30, -1)).isZero();
    assertThat(FixedPoint.highMultiply(1 << 30, 3)).isEqualTo(2);
    assertThat(FixedPoint.highMultiply(1 << 30, -3)).isEqualTo(-1);
    assertThat(FixedPoint.highMultiply(Integer.MIN_VALUE, Integer.MIN_VALUE))
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void roundingShiftRoundsTiesAwayFromZero() {
    assertThat(FixedPoint.roundingShift(3, 1)).isEqualTo(2);
    assertThat(FixedPoint.roundingShift(-3, 1)).isEqualTo(-2);
    assertThat(FixedPoint.roundingShift(-5, 2)).isEqualTo(-1);
    assertThat(FixedPoint.roundingShift(7, 0)).isEqualTo(7);
    assertThat(FixedPoint.roundingShift(Integer.MAX_VALUE, 31)).isEqualTo(1);
    assertThat(FixedPoint.roundingShift(Integer.MIN_VALUE, 31)).isEqualTo(-1);
  }

  @Test
  void requantizeEqualsExactArithmeticWithTheNamedRoundings() {
    for (int i = 0; i < 200_000; i++) {
      int shift = samples.between(-31, 12);
      int acc = samples.anyInt() >> Math.max(0, shift);
      int multiplier = samples.between(1 << 30, Integer.MAX_VALUE - 1);
      BigInteger product = BigInteger.valueOf(acc).multiply(BigInteger.valueOf(multiplier));
      BigInteger high = half(product.shiftLeft(Math.max(0, shift)), 31, RoundingMode.HALF_EVEN);
      int twice = half(high, Math.max(0, -shift), RoundingMode.HALF_UP).intValueExact();
      assertThat(FixedPoint.requantize(acc, multiplier, shift, Rounding.DOUBLE)).isEqualTo(twice);
      int once = half(product, 31 - shift, RoundingMode.HALF_EVEN).intValue();
      assertThat(FixedPoint.requantize(acc, multiplier, shift, Rounding.SINGLE)).isEqualTo(once);
    }
  }

  /** Divides by a power of two; HALF_EVEN stands for ties upwards, HALF_UP for ties away from 0. */
  private static BigInteger half(BigInteger value, int bits, RoundingMode mode) {
    BigDecimal exact = new BigDecimal(value).divide(new BigDecimal(BigInteger.TWO.pow(bits)));
    if (mode == RoundingMode.HALF_UP) {
      return exact.setScale(0, RoundingMode.HALF_UP).toBigInteger();
    }
    return exact.add(new BigDecimal("0.5")).setScale(0, RoundingMode.FLOOR).toBigInteger();
  }

  @Test
  void expIsCloseToTheRealExponential() {
    for (int integerBits = 0; integerBits <= 5; integerBits++) {
      double unit = Math.scalb(1.0, integerBits - 31);
      for (int i = 0; i < 20_000; i++) {
        int a = -samples.between(1, Integer.MAX_VALUE);
        double exp = FixedPoint.expOnNegatives(a, integerBits) * 0x1p-31;
        assertThat(Math.abs(exp - Math.exp(a * unit))).isLessThan(1e-6);
      }
      assertThat(FixedPoint.expOnNegatives(0, integerBits)).isEqualTo(Integer.MAX_VALUE);
    }
  }

  @Test
  void theReciprocalIsCloseToTheRealOne() {
    for (int i = 0; i < 50_000; i++) {
      int a = samples.between(0, Integer.MAX_VALUE - 1);
      double reciprocal = FixedPoint.oneOverOnePlus(a) * 0x1p-31;
      assertThat(Math.abs(reciprocal - 1 / (1 + a * 0x1p-31))).isLessThan(1e-8);
    }
  }

  @Test
  void logisticIsCloseToTheRealOneAndPointSymmetric() {
    assertThat(FixedPoint.logistic(0, 4)).isEqualTo(1 << 30);
    for (int i = 0; i < 50_000; i++) {
      int a = samples.between(1, Integer.MAX_VALUE - 1);
      int positive = FixedPoint.logistic(a, 4);
      double real = 1 / (1 + Math.exp(-a * 0x1p-27));
      assertThat(Math.abs(positive * 0x1p-31 - real)).isLessThan(1e-6);
      assertThat(FixedPoint.logistic(-a, 4)).isEqualTo(Integer.MAX_VALUE - positive);
    }
  }

  @Test
  void roundHalfAwayMovesTiesAwayFromZero() {
    assertThat(FixedPoint.roundHalfAway(2.5f)).isEqualTo(3);
    assertThat(FixedPoint.roundHalfAway(-2.5f)).isEqualTo(-3);
    assertThat(FixedPoint.roundHalfAway(0.49999997f)).isZero();
    assertThat(FixedPoint.roundHalfAway(1.6777217E7f)).isEqualTo(1.6777217E7f);
  }
}
