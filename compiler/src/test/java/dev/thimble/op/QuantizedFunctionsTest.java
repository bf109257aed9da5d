package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Quantised elementwise functions by hand, and against the real numbers that they stand for. */
class QuantizedFunctionsTest {
  private final Samples samples = new Samples(5);

  private static TensorType int16(float scale, int... dims) {
    return new TensorType(DType.INT16, Shape.of(dims), new QuantParams.PerTensor(scale, 0));
  }

  private static Tensor evaluate(SingleOutputOp op, TensorType output, Tensor... inputs) {
    op.check(List.of(inputs).stream().map(Tensor::type).toList(), List.of(output));
    return op.evaluate(List.of(inputs), output, Rounding.DOUBLE);
  }

  private static double real(Tensor tensor, int at) {
    return (double) tensor.type().scale() * (tensor.ints()[at] - tensor.type().zeroPoint());
  }

  private static double clamped(double real, TensorType type) {
    double stored = real / type.scale() + type.zeroPoint();
    return Math.clamp(stored, type.dtype().minValue(), type.dtype().maxValue());
  }

  private static Tensor allStored(TensorType type) {
    int[] values = new int[256];
    for (int i = 0; i < 256; i++) {
      values[i] = i - 128;
    }
    return Tensor.ofInts(type, values);
  }

  @Test
  void functionsOfInt8AreWithinOneAndAHalfStepsOfTheRealOnes() {
    for (Unary.Function function : Unary.Function.values()) {
      for (int i = 0; i < 30; i++) {
        Tensor input =
            allStored(TensorType.int8(samples.scale() / 8, samples.between(-128, 127), 256));
        TensorType output =
            function == Unary.Function.SIGMOID
                ? TensorType.int8(1f / 256, -128, 256)
                : function == Unary.Function.TANH
                    ? TensorType.int8(1f / 128, 0, 256)
                    : TensorType.int8(samples.scale(), samples.between(-128, 127), 256);
        Unary op = new Unary(function);
        if (isTaken(op, input.type(), output)) {
          assertClose(op, input, output);
        }
      }
    }
  }

  private static boolean isTaken(Unary op, TensorType input, TensorType output) {
    try {
      op.check(List.of(input), List.of(output));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void assertClose(Unary op, Tensor input, TensorType output) {
    Tensor results = evaluate(op, output, input);
    for (int k = 0; k < 256; k++) {
      float expected = RealFunctions.of(op.function(), (float) real(input, k));
      if (!Float.isNaN(expected)) {
        assertThat((double) results.ints()[k])
            .as("%s of %s in %s to %s", op, real(input, k), input.type(), output)
            .isCloseTo(clamped(expected, output), within(1.5));
      }
    }
  }

  @Test
  void differencesAndTheirSquaresAreWithinOneStepOfTheRealOnes() {
    Binary sub = new Binary(Binary.Function.SUB, Activation.NONE);
    Binary square = new Binary(Binary.Function.SQUARED_DIFFERENCE, Activation.NONE);
    for (int i = 0; i < 200; i++) {
      Tensor a = samples.elements(samples.int8(64));
      Tensor b = samples.elements(samples.int8(64));
      TensorType output = samples.int8(64);
      int[] differences = evaluate(sub, output, a, b).ints();
      float coarse = Math.max(a.type().scale(), b.type().scale());
      TensorType large = TensorType.int8(coarse * coarse * 400, samples.between(-128, 127), 64);
      int[] squares = evaluate(square, large, a, b).ints();
      for (int k = 0; k < 64; k++) {
        double real = real(a, k) - real(b, k);
        assertThat((double) differences[k]).isCloseTo(clamped(real, output), within(1.01));
        assertThat((double) squares[k]).isCloseTo(clamped(real * real, large), within(1.01));
      }
    }
  }

  @Test
  void aDifferenceOfEqualScalesIsExact() {
    TensorType type = TensorType.int8(0.5f, 3, 4);
    Tensor a = Tensor.ofInts(type, 3, 10, 127, -128);
    Tensor b = Tensor.ofInts(type, 3, -2, -128, 127);
    assertThat(evaluate(new Binary(Binary.Function.SUB, Activation.NONE), type, a, b).ints())
        .containsExactly(3, 15, 127, -128);
    assertThat(evaluate(new Binary(Binary.Function.SUB, Activation.RELU), type, b, a).ints())
        .containsExactly(3, 3, 3, 127);
  }

  @Test
  void slopesApplyBelowTheZeroPoint() {
    TensorType type = TensorType.int8(0.5f, 1, 4);
    Tensor input = Tensor.ofInts(type, 1, 5, -7, -128);
    assertThat(evaluate(new Parametric(Parametric.Function.LEAKY_RELU, 0.25f), type, input).ints())
        .containsExactly(1, 5, -1, -31);
    assertThat(evaluate(new Parametric(Parametric.Function.LEAKY_RELU, -1), type, input).ints())
        .containsExactly(1, 5, 9, 127);
    Tensor slope = Tensor.ofInts(TensorType.int8(0.25f, 2, 1), 4);
    assertThat(
            evaluate(new Binary(Binary.Function.PRELU, Activation.NONE), type, input, slope).ints())
        .containsExactly(1, 5, -3, -64);
  }

  @Test
  void theCurveOfInt16IsWithinTwoStepsOfTheRealOne() {
    for (float scale : List.of(1f / 4096, 1f / 2048, 0.0003f, 0.001f, 1f / 32768)) {
      int[] values = new int[4096];
      for (int i = 0; i < values.length; i++) {
        values[i] = i * 16 - 32768;
      }
      Tensor input = Tensor.ofInts(int16(scale, values.length), values);
      TensorType output = int16(1f / 32768, values.length);
      int[] sigmoids = evaluate(new Unary(Unary.Function.SIGMOID), output, input).ints();
      int[] tangents = evaluate(new Unary(Unary.Function.TANH), output, input).ints();
      for (int i = 0; i < values.length; i++) {
        double sigmoid = clamped(1 / (1 + Math.exp(-real(input, i))), output);
        double tangent = clamped(Math.tanh(real(input, i)), output);
        assertThat((double) sigmoids[i]).isCloseTo(sigmoid, within(4.0));
        assertThat((double) tangents[i]).isCloseTo(tangent, within(8.0));
      }
    }
  }

  @Test
  void theTableOfTheSigmoidBeginsAndEndsAsItShould() {
    int[] table = CurveQuantization.table();
    assertThat(table).hasSize(256).isSorted().startsWith(32768, 33451, 34133, 34813, 35493);
    assertThat(table).endsWith(65534, 65534, 65534, 65534, 65535);
  }

  @Test
  void comparisonsOfInt8AreOfRealNumbersUpToTheirPrecision() {
    Tensor a = Tensor.ofInts(TensorType.int8(0.5f, 0, 3), 2, 3, -4);
    Tensor b = Tensor.ofInts(TensorType.int8(0.25f, 10, 3), 14, 14, 14);
    TensorType flags = TensorType.of(DType.BOOL, Shape.of(3));
    assertThat(evaluate(new Compare(Compare.Function.EQUAL), flags, a, b).ints())
        .containsExactly(1, 0, 0);
    assertThat(evaluate(new Compare(Compare.Function.LESS_EQUAL), flags, a, b).ints())
        .containsExactly(1, 0, 1);
    TensorType fine = TensorType.int8(1f / 4096, 0, 3);
    Tensor near = Tensor.ofInts(fine, 1, 2, 30);
    Tensor one = Tensor.ofInts(fine, 2, 2, 2);
    assertThat(evaluate(new Compare(Compare.Function.LESS), flags, near, one).ints())
        .containsExactly(0, 0, 0);
    assertThat(evaluate(new Compare(Compare.Function.GREATER), flags, near, one).ints())
        .containsExactly(0, 0, 1);
  }

  @Test
  void theErrorFunctionHasTheDigitsOfTheTables() {
    assertThat(RealFunctions.erf(0.5)).isCloseTo(0.5204998778130465, within(1e-15));
    assertThat(RealFunctions.erf(-2)).isCloseTo(-0.9953222650189527, within(1e-15));
    assertThat(RealFunctions.erfc(3)).isCloseTo(2.209049699858544e-5, within(1e-18));
    assertThat(RealFunctions.erfc(5)).isCloseTo(1.5374597944280349e-12, within(1e-25));
    assertThat(RealFunctions.erfc(-3)).isCloseTo(2 - 2.209049699858544e-5, within(1e-15));
    assertThat(RealFunctions.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
  }

  @Test
  void integersWrapAroundAndDivideAsTheirFunctionSays() {
    TensorType type = TensorType.of(DType.INT8, Shape.of(4));
    Tensor a = Tensor.ofInts(type, -128, -7, 7, 100);
    Tensor b = Tensor.ofInts(type, -1, 3, -3, 0);
    assertThat(integers(Binary.Function.SUB, a, b)).containsExactly(-127, -10, 10, 100);
    assertThat(integers(Binary.Function.ADD, a, a)).containsExactly(0, -14, 14, -56);
    assertThat(integers(Binary.Function.DIV, a, b)).containsExactly(-128, -2, -2, 0);
    assertThat(integers(Binary.Function.FLOOR_DIV, a, b)).containsExactly(-128, -3, -3, 0);
    assertThat(integers(Binary.Function.MOD, a, b)).containsExactly(0, 2, -2, 0);
    assertThat(integers(Binary.Function.FMOD, a, b)).containsExactly(0, -1, 1, 0);
    assertThat(integers(Binary.Function.POW, b, Tensor.ofInts(type, 3, 3, 3, 0)))
        .containsExactly(-1, 27, -27, 1);
    Tensor amounts = Tensor.ofInts(type, 1, 9, -1, 2);
    assertThat(integers(Binary.Function.SHIFT_LEFT, a, amounts)).containsExactly(0, 0, 7, -112);
    assertThat(integers(Binary.Function.SHIFT_RIGHT, a, amounts)).containsExactly(-64, -1, 7, 25);
  }

  private static int[] integers(Binary.Function function, Tensor a, Tensor b) {
    return evaluate(new Binary(function, Activation.NONE), a.type(), a, b).ints();
  }

  @Test
  void castsCutSaturateAndWrap() {
    Tensor floats =
        Tensor.ofFloats(TensorType.float32(6), 1.9f, -1.9f, 300, -1e20f, Float.NaN, -0f);
    assertThat(cast(floats, DType.INT8).ints()).containsExactly(1, -1, 127, -128, 0, 0);
    assertThat(cast(floats, DType.UINT32).longs()).containsExactly(1, 0, 300, 0, 0, 0);
    assertThat(cast(floats, DType.BOOL).ints()).containsExactly(1, 1, 1, 1, 1, 0);
    Tensor wide = Tensor.ofLongs(TensorType.of(DType.INT64, Shape.of(3)), 300, -1, 1L << 40);
    assertThat(cast(wide, DType.UINT8).ints()).containsExactly(44, 255, 0);
    assertThat(cast(wide, DType.BOOL).ints()).containsExactly(1, 1, 1);
    assertThat(cast(wide, DType.FLOAT32).floats()).containsExactly(300, -1, 0x1p40f);
  }

  private static Tensor cast(Tensor from, DType to) {
    return evaluate(new Cast(), TensorType.of(to, from.shape()), from);
  }

  @Test
  void aChoiceBroadcastsAllThreeOperands() {
    Tensor condition = Tensor.ofInts(TensorType.of(DType.BOOL, Shape.of(2, 1)), 1, 0);
    Tensor a = Tensor.ofFloats(TensorType.float32(3), 1, 2, 3);
    Tensor b = Tensor.ofFloats(TensorType.float32(), -1);
    assertThat(evaluate(new Where(), TensorType.float32(2, 3), condition, a, b).floats())
        .containsExactly(1, 2, 3, -1, -1, -1);
  }
}
