package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ElementwiseTest {
  private final Samples samples = new Samples(3);

  @Test
  void additionOfEqualScalesIsExact() {
    TensorType type = TensorType.int8(0.5f, 3, 4);
    Tensor sum = add(Tensor.ofInts(type, 3, 10, 127, -128), Tensor.ofInts(type, 3, -2, 127, -128));
    assertThat(sum.ints()).containsExactly(3, 5, 127, -128);
  }

  private static Tensor add(Tensor a, Tensor b) {
    Binary op = new Binary(Binary.Function.ADD, Activation.NONE);
    TensorType output = a.type().withShape(op.outputShape(List.of(a.type(), b.type())));
    return op.evaluate(List.of(a, b), output, Rounding.DOUBLE);
  }

  @Test
  void additionIsCommutativeAndWithinOneStepOfTheRealSum() {
    Binary op = new Binary(Binary.Function.ADD, Activation.NONE);
    for (int i = 0; i < 500; i++) {
      Tensor a = samples.elements(samples.int8(64));
      Tensor b = samples.elements(samples.int8(64));
      TensorType out = samples.int8(64);
      Tensor sum = op.evaluate(List.of(a, b), out, Rounding.DOUBLE);
      assertThat(op.evaluate(List.of(b, a), out, Rounding.DOUBLE)).isEqualTo(sum);
      for (int k = 0; k < 64; k++) {
        double real = real(a, k) + real(b, k);
        double stored = Math.clamp(real / out.scale() + out.zeroPoint(), -128.0, 127.0);
        assertThat((double) sum.ints()[k]).isCloseTo(stored, Offset.offset(1.01));
      }
    }
  }

  private static double real(Tensor tensor, int at) {
    return (double) tensor.type().scale() * (tensor.ints()[at] - tensor.type().zeroPoint());
  }

  @Test
  void additionBroadcastsBothInputs() {
    Tensor column = Tensor.ofFloats(TensorType.float32(2, 1), 10, 20);
    Tensor row = Tensor.ofFloats(TensorType.float32(3), 1, 2, 3);
    Tensor sum =
        new Binary(Binary.Function.ADD, Activation.NONE)
            .evaluate(List.of(column, row), TensorType.float32(2, 3), Rounding.DOUBLE);
    assertThat(sum.floats()).containsExactly(11, 12, 13, 21, 22, 23);
  }

  @Test
  void multiplicationIsOfRealNumbersThenClamps() {
    Tensor a = Tensor.ofInts(TensorType.int8(0.5f, -1, 5), 1, 3, -128, 127, 0);
    Tensor b = Tensor.ofInts(TensorType.int8(0.25f, 2, 5), 6, -2, -128, 127, 3);
    // The real products are 1, -2, 2063.75, 2000 and 0.125.
    TensorType output = TensorType.int8(0.25f, 10, 5);
    assertThat(mul(Activation.NONE, a, b, output, Rounding.SINGLE).ints())
        .containsExactly(14, 2, 127, 127, 11);
    assertThat(mul(Activation.RELU6, a, b, output, Rounding.SINGLE).ints())
        .containsExactly(14, 10, 34, 34, 11);
  }

  private static Tensor mul(
      Activation activation, Tensor a, Tensor b, TensorType output, Rounding rounding) {
    Binary op = new Binary(Binary.Function.MUL, activation);
    op.check(List.of(a.type(), b.type()), List.of(output));
    return op.evaluate(List.of(a, b), output, rounding);
  }

  @Test
  void multiplicationRoundsTiesByTheRoundingThatWasAskedFor() {
    Tensor a = Tensor.ofInts(TensorType.int8(1, 0, 4), 1, -1, 3, -3);
    Tensor b = Tensor.ofInts(TensorType.int8(1, 0, 4), 2, 2, 2, 2);
    TensorType quarter = TensorType.int8(4, 0, 4);
    assertThat(mul(Activation.NONE, a, b, quarter, Rounding.SINGLE).ints())
        .containsExactly(1, 0, 2, -1);
    assertThat(mul(Activation.NONE, a, b, quarter, Rounding.DOUBLE).ints())
        .containsExactly(1, -1, 2, -2);
  }

  @Test
  void multiplicationIsCommutativeAndWithinOneStepOfTheRealProduct() {
    for (int i = 0; i < 500; i++) {
      Tensor a = samples.elements(samples.int8(64));
      Tensor b = samples.elements(samples.int8(64));
      float scale = a.type().scale() * b.type().scale() * (float) samples.anyDouble(0.5, 200);
      TensorType out = TensorType.int8(scale, samples.between(-128, 127), 64);
      for (Rounding rounding : Rounding.values()) {
        Tensor product = mul(Activation.NONE, a, b, out, rounding);
        assertThat(mul(Activation.NONE, b, a, out, rounding)).isEqualTo(product);
        for (int k = 0; k < 64; k++) {
          double real = real(a, k) * real(b, k);
          double stored = Math.clamp(real / scale + out.zeroPoint(), -128.0, 127.0);
          assertThat((double) product.ints()[k]).isCloseTo(stored, Offset.offset(1.01));
        }
      }
    }
  }

  @Test
  void requantisingToTheSameTypeChangesNothing() {
    for (int i = 0; i < 100; i++) {
      Tensor all = allStored(samples.scale(), samples.between(-128, 127));
      for (Rounding rounding : Rounding.values()) {
        assertThat(new Quantize().evaluate(List.of(all), all.type(), rounding)).isEqualTo(all);
      }
    }
  }

  private static Tensor allStored(float scale, int zeroPoint) {
    int[] values = new int[256];
    for (int i = 0; i < 256; i++) {
      values[i] = i - 128;
    }
    return Tensor.ofInts(TensorType.int8(scale, zeroPoint, 256), values);
  }

  @Test
  void halvingRoundsTiesByTheRoundingThatWasAskedFor() {
    Tensor input = Tensor.ofInts(TensorType.int8(1, 0, 4), 3, -3, 5, -5);
    TensorType output = TensorType.int8(2, 0, 4);
    assertThat(new Quantize().evaluate(List.of(input), output, Rounding.SINGLE).ints())
        .containsExactly(2, -1, 3, -2);
    // The multiplier 2^30 with shift 0 has its only tie in the doubling multiply: upwards too.
    assertThat(new Quantize().evaluate(List.of(input), output, Rounding.DOUBLE).ints())
        .containsExactly(2, -1, 3, -2);
    TensorType quarter = TensorType.int8(4, 0, 2);
    Tensor ties = Tensor.ofInts(TensorType.int8(1, 0, 2), 2, -2);
    assertThat(new Quantize().evaluate(List.of(ties), quarter, Rounding.SINGLE).ints())
        .containsExactly(1, 0);
    assertThat(new Quantize().evaluate(List.of(ties), quarter, Rounding.DOUBLE).ints())
        .containsExactly(1, -1);
  }

  @Test
  void reluRequantisesAndClamps() {
    Tensor input = Tensor.ofInts(TensorType.int8(0.1f, 0, 5), -128, -1, 0, 40, 127);
    TensorType output = TensorType.int8(0.05f, -100, 5);
    assertThat(unary(Unary.Function.RELU, input, output).ints())
        .containsExactly(-100, -100, -100, -20, 127);
    assertThat(unary(Unary.Function.RELU6, input, output).ints())
        .containsExactly(-100, -100, -100, -20, 20);
    assertThat(unary(Unary.Function.RELU_N1_TO_1, input, output).ints())
        .containsExactly(-120, -102, -100, -80, -80);
  }

  private static Tensor unary(Unary.Function function, Tensor input, TensorType output) {
    Unary op = new Unary(function);
    op.check(List.of(input.type()), List.of(output));
    return op.evaluate(List.of(input), output, Rounding.DOUBLE);
  }

  @Test
  void sigmoidIsWithinOneStepOfTheRealOneAndMonotonic() {
    for (int i = 0; i < 200; i++) {
      Tensor input = allStored(samples.scale(), samples.between(-128, 127));
      TensorType output = TensorType.int8(1f / 256, -128, 256);
      for (Rounding rounding : Rounding.values()) {
        int[] results =
            new Unary(Unary.Function.SIGMOID).evaluate(List.of(input), output, rounding).ints();
        for (int k = 0; k < 256; k++) {
          double stored = Math.min(127, 256 / (1 + Math.exp(-real(input, k))) - 128);
          assertThat((double) results[k]).isCloseTo(stored, Offset.offset(0.51));
          assertThat(results[k]).isGreaterThanOrEqualTo(results[Math.max(0, k - 1)]);
        }
      }
    }
  }

  @Test
  void sigmoidOfFloatsReachesItsLimits() {
    Tensor input = Tensor.ofFloats(TensorType.float32(4), 0, 200, -200, 1);
    assertThat(unary(Unary.Function.SIGMOID, input, input.type()).floats())
        .containsExactly(0.5f, 1, 0, 0.7310586f);
  }

  @Test
  void quantisingFloatsRoundsTiesAwayFromZeroAndSaturates() {
    TensorType output = TensorType.int8(0.5f, 1, 6);
    Tensor input =
        Tensor.ofFloats(TensorType.float32(6), 0.25f, -0.25f, 1e30f, -1e30f, Float.NaN, 10f);
    assertThat(new Quantize().evaluate(List.of(input), output, Rounding.DOUBLE).ints())
        .containsExactly(2, 0, 127, -128, 1, 21);
  }

  @Test
  void quantisingWhatWasDequantisedGivesItBack() {
    for (int i = 0; i < 100; i++) {
      Tensor stored = allStored(samples.scale(), samples.between(-128, 127));
      Tensor real =
          new Dequantize().evaluate(List.of(stored), TensorType.float32(256), Rounding.DOUBLE);
      assertThat(new Quantize().evaluate(List.of(real), stored.type(), Rounding.DOUBLE))
          .isEqualTo(stored);
    }
  }

  @Test
  void padFillsTheBorder() {
    Pad op = new Pad(List.of(1, 0), List.of(0, 2), -7);
    Tensor input = Tensor.ofInts(TensorType.int8(1, -7, 1, 2), 1, 2);
    assertThat(op.evaluate(List.of(input), input.type().withShape(Shape.of(2, 4)), Rounding.DOUBLE))
        .isEqualTo(Tensor.ofInts(TensorType.int8(1, -7, 2, 4), -7, -7, -7, -7, 1, 2, -7, -7));
  }

  @Test
  void argMaxTakesTheFirstOfEquals() {
    Tensor input = Tensor.ofInts(TensorType.int8(1, 0, 2, 3), 1, 5, 5, -1, -1, -2);
    TensorType output = TensorType.of(DType.INT32, Shape.of(2));
    assertThat(new ArgMax().evaluate(List.of(input), output, Rounding.DOUBLE).ints())
        .containsExactly(1, 0);
  }

  @Test
  void thresholdsIncludeTheirBound() {
    Tensor input = Tensor.ofInts(TensorType.int8(1, 0, 2, 2), 4, 1, -3, 2);
    TensorType flags = TensorType.of(DType.UINT8, Shape.of(2, 2));
    assertThat(new AtLeast(1).evaluate(List.of(input), flags, Rounding.DOUBLE).ints())
        .containsExactly(1, 1, 0, 1);
    assertThat(new DifferenceAtLeast(3, 5).evaluate(List.of(input), flags, Rounding.DOUBLE).ints())
        .containsExactly(1, 0, 0, 1);
  }
}
