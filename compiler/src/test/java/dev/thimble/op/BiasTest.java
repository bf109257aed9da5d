package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule Q70 of quantization.md. */
class BiasTest {
  @Test
  void aSumWithAFractionIsRoundedOnceHalfUpInExactArithmetic() {
    SplittableRandom random = new SplittableRandom(67);
    for (int i = 0; i < 200_000; i++) {
      int sum = random.nextInt() >> random.nextInt(32);
      int fraction = random.nextInt(1, 256);
      int m = i % 3 == 0 ? 1 << 30 : random.nextInt(1 << 30, Integer.MAX_VALUE);
      int shift = random.nextInt(-31, 1);
      BigInteger twice =
          BigInteger.valueOf(sum * 256L + fraction)
              .multiply(BigInteger.valueOf(m))
              .shiftLeft(1)
              .add(BigInteger.ONE.shiftLeft(39 - shift));
      int exact = twice.shiftRight(40 - shift).intValueExact();
      assertThat(FixedPoint.requantize(sum, fraction, new Multiplier(m, shift), Rounding.SINGLE))
          .as("%d + %d / 256, %d, %d", sum, fraction, m, shift)
          .isEqualTo(exact);
    }
  }

  @Test
  void doubleRoundingHasNoFractions() {
    Multiplier half = new Multiplier(1 << 30, 0);
    assertThatThrownBy(() -> FixedPoint.requantize(1, 1, half, Rounding.DOUBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("single rounding");
  }

  @Test
  void wholePartsAreRoundedDownAndFractionsCountIn256ths() {
    Bias bias = Bias.of(Tensor.ofInts(Bias.type(4, 2), new int[] {7, -7, 8, -1}));
    assertThat(bias.whole()).containsExactly(1, -2, 2, -1);
    assertThat(bias.fractions()).containsExactly(192, 64, 0, 192);
  }

  @Test
  void multipliersAloneAreRefusedWhereThereAreFractions() {
    ConvolutionQuantization whole =
        new ConvolutionQuantization(
            0, 0, List.of(new Multiplier(1 << 30, 0)), List.of(), -128, 127);
    Bias bias = new Bias(new int[] {3}, new int[] {128});
    assertThat(whole.apply(3, 0, Rounding.SINGLE)).isEqualTo(2);
    assertThat(whole.with(bias).apply(2, 0, Rounding.SINGLE)).isEqualTo(1);
    assertThat(whole.with(bias).apply(3, 0, Rounding.SINGLE)).isEqualTo(2);
    assertThatThrownBy(() -> whole.with(bias).multipliers())
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(floats = {1f, 0.3f, 1f / 512})
  void otherScalesOfABiasAreRefused(float scale) {
    TensorType type = new TensorType(DType.INT32, Shape.of(2), new QuantParams.PerTensor(scale, 0));
    assertThatThrownBy(() -> Bias.check(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bias must be int32");
  }
}
