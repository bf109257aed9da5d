package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ReductionTest {
  private final Samples samples = new Samples(4);

  @Test
  void averagesRoundTiesAwayFromZero() {
    assertThat(PoolEvaluation.average(5, 2)).isEqualTo(3);
    assertThat(PoolEvaluation.average(-5, 2)).isEqualTo(-3);
    assertThat(PoolEvaluation.average(4, 3)).isEqualTo(1);
    assertThat(PoolEvaluation.average(-4, 3)).isEqualTo(-1);
    assertThat(PoolEvaluation.average(0, 7)).isZero();
  }

  @Test
  void paddingTakesNoPartInPooling() {
    Tensor input = Tensor.ofInts(TensorType.int8(1, 5, 1, 2, 2, 1), -10, -20, -30, -41);
    TensorType output = input.type().withShape(input.shape());
    Padding2d padding = Padding2d.same(2, 2, new Size2d(2, 2), Size2d.ONE, Size2d.ONE);
    assertThat(pool(Pool2d.Kind2d.AVERAGE, padding, input, output).ints())
        .containsExactly(-25, -31, -36, -41);
    assertThat(pool(Pool2d.Kind2d.MAX, padding, input, output).ints())
        .containsExactly(-10, -20, -30, -41);
  }

  private static Tensor pool(
      Pool2d.Kind2d kind, Padding2d padding, Tensor input, TensorType output) {
    Pool2d op = new Pool2d(kind, new Size2d(2, 2), Size2d.ONE, padding, Activation.NONE);
    op.check(List.of(input.type()), List.of(output));
    return op.evaluate(List.of(input), output, Rounding.DOUBLE);
  }

  @Test
  void floatPoolingAgreesWithItsDefinition() {
    Tensor input = Tensor.ofFloats(TensorType.float32(1, 2, 2, 1), 1, 2, 4, 9);
    TensorType output = TensorType.float32(1, 1, 1, 1);
    assertThat(pool(Pool2d.Kind2d.AVERAGE, Padding2d.NONE, input, output).floats())
        .containsExactly(4);
    assertThat(pool(Pool2d.Kind2d.MAX, Padding2d.NONE, input, output).floats()).containsExactly(9);
  }

  @Test
  void theMeanIsWithinOneStepOfTheRealMeanForAnyAxes() {
    List<List<Integer>> choices = List.of(List.of(0), List.of(1, 2), List.of(3), List.of(0, 2, 3));
    for (int i = 0; i < 200; i++) {
      Tensor input = samples.elements(samples.int8(2, 3, 5, 4));
      Reduce op = new Reduce(Reduce.Function.MEAN, choices.get(i % 4), i % 2 == 0);
      TensorType output =
          TensorType.int8(input.type().scale() * 1.25f, samples.between(-20, 20))
              .withShape(op.outputShape(List.of(input.type())));
      Tensor real =
          new Dequantize()
              .evaluate(List.of(input), TensorType.float32(2, 3, 5, 4), Rounding.DOUBLE);
      float[] means =
          op.evaluate(List.of(real), TensorType.float32(output.shape().dims()), Rounding.DOUBLE)
              .floats();
      for (Rounding rounding : Rounding.values()) {
        int[] stored = op.evaluate(List.of(input), output, rounding).ints();
        for (int k = 0; k < means.length; k++) {
          double exact = Math.clamp(means[k] / output.scale() + output.zeroPoint(), -128.0, 127.0);
          assertThat((double) stored[k]).isCloseTo(exact, Offset.offset(1.01));
        }
      }
    }
  }

  @Test
  void theMeanDividesInItsMultiplier() {
    TensorType type = TensorType.int8(0.5f, 0, 1);
    MeanQuantization quantization = MeanQuantization.of(type, type, 25, Rounding.DOUBLE);
    // 2^30 with shift 1 is a multiplier of 1; 16 is the power of two below 25.
    assertThat(quantization.multiplier()).isEqualTo(new Multiplier((int) ((1L << 34) / 25), 1 - 4));
    assertThat(quantization.apply(250, Rounding.DOUBLE)).isEqualTo(10);
  }

  @Test
  void aMeanOfManyElementsStaysExact() {
    TensorType type = TensorType.int8(0.25f, -128, 1);
    MeanQuantization quantization = MeanQuantization.of(type, type, 4096, Rounding.DOUBLE);
    assertThat(quantization.apply(127 * 4096, Rounding.DOUBLE)).isEqualTo(127);
  }

  @Test
  void softmaxIsWithinOneStepOfTheRealOne() {
    for (int i = 0; i < 300; i++) {
      int depth = samples.between(1, 12);
      Tensor input = samples.elements(samples.int8(3, depth));
      TensorType output = TensorType.int8(1f / 256, -128, 3, depth);
      Softmax op = new Softmax(1);
      op.check(List.of(input.type()), List.of(output));
      Tensor real =
          new Dequantize().evaluate(List.of(input), TensorType.float32(3, depth), Rounding.DOUBLE);
      float[] exact =
          op.evaluate(List.of(real), TensorType.float32(3, depth), Rounding.DOUBLE).floats();
      for (Rounding rounding : Rounding.values()) {
        int[] stored = op.evaluate(List.of(input), output, rounding).ints();
        for (int k = 0; k < stored.length; k++) {
          double expected = Math.min(127, exact[k] * 256 - 128);
          assertThat((double) stored[k]).isCloseTo(expected, Offset.offset(0.6));
        }
      }
    }
  }

  @Test
  void softmaxOfInt16IsNearTheRealOne() {
    for (int i = 0; i < 300; i++) {
      int depth = samples.between(1, 12);
      QuantParams scale = new QuantParams.PerTensor(samples.between(1, 40) * 1e-5f, 0);
      TensorType type = new TensorType(DType.INT16, Shape.of(3, depth), scale);
      Tensor input = samples.elements(type);
      QuantParams result = new QuantParams.PerTensor(1f / 32768, 0);
      TensorType output = new TensorType(DType.INT16, type.shape(), result);
      Softmax op = new Softmax(1);
      op.check(List.of(type), List.of(output));
      Tensor real =
          new Dequantize().evaluate(List.of(input), TensorType.float32(3, depth), Rounding.DOUBLE);
      float[] exact =
          op.evaluate(List.of(real), TensorType.float32(3, depth), Rounding.DOUBLE).floats();
      for (Rounding rounding : Rounding.values()) {
        int[] stored = op.evaluate(List.of(input), output, rounding).ints();
        for (int k = 0; k < stored.length; k++) {
          assertThat(stored[k] / 32768.0).isCloseTo(exact[k], Offset.offset(2e-4));
        }
      }
    }
  }

  @Test
  void tablesOfTheSoftmaxOfInt16AreTheReferences() {
    // What tflite-micro's LUTPopulate gives for exp and for 1 / (1 + x).
    assertThat(Arrays.hashCode(WideSoftmaxQuantization.exponentials())).isEqualTo(-2042192259);
    assertThat(Arrays.hashCode(WideSoftmaxQuantization.reciprocals())).isEqualTo(-801664854);
    assertThat(WideSoftmaxQuantization.exponentials()).hasSize(513).startsWith(2, 2);
    assertThat(WideSoftmaxQuantization.reciprocals()).startsWith(32767, 32704).endsWith(16384);
  }

  @Test
  void softmaxOfHugeScalesIsOneHot() {
    Tensor input = Tensor.ofInts(TensorType.int8(1e9f, 0, 1, 3), 4, 5, -3);
    TensorType output = TensorType.int8(1f / 256, -128, 1, 3);
    for (Rounding rounding : Rounding.values()) {
      assertThat(new Softmax(1).evaluate(List.of(input), output, rounding).ints())
          .containsExactly(-128, 127, -128);
    }
  }

  @Test
  void softmaxOfALongRowOfEqualsIsZeroThroughout() {
    int depth = SoftmaxQuantization.MAX_DEPTH;
    Tensor input = Tensor.filled(TensorType.int8(1, 0, 1, depth), 3);
    TensorType output = TensorType.int8(1f / 256, -128, 1, depth);
    assertThat(new Softmax(1).evaluate(List.of(input), output, Rounding.DOUBLE).ints())
        .containsOnly(-128);
  }
}
