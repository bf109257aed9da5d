package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Normalisations, pooling with every attribute and transposed convolutions, computed by hand. */
class NormalizationTest {
  private static final Offset<Float> CLOSE = Offset.offset(1e-6f);

  private static Tensor floats(TensorType type, float... values) {
    return Tensor.ofFloats(type, values);
  }

  private static float[] evaluate(SingleOutputOp op, Tensor... inputs) {
    List<TensorType> types = List.of(inputs).stream().map(Tensor::type).toList();
    TensorType output = TensorType.of(types.getFirst().dtype(), op.outputShape(types));
    op.check(types, output);
    return op.evaluate(List.of(inputs), output, Rounding.DOUBLE).floats();
  }

  @Test
  void softmaxAlongTheFirstOfTwoAxes() {
    Tensor input = floats(TensorType.float32(2, 2), 0, 0, 0, (float) Math.log(3));
    assertThat(evaluate(new Softmax(1, 0), input))
        .containsExactly(new float[] {.5f, .25f, .5f, .75f}, CLOSE);
    assertThat(evaluate(new Softmax(1, -2), input))
        .containsExactly(new float[] {.5f, .25f, .5f, .75f}, CLOSE);
  }

  @Test
  void hardMaxTakesTheFirstOfEquals() {
    Tensor input = floats(TensorType.float32(2, 3), 1, 5, 5, 2, 2, 1);
    assertThat(evaluate(new HardMax(-1), input)).containsExactly(0, 1, 0, 1, 0, 0);
  }

  @Test
  void aLineOfZerosStaysZeroByItsNorm() {
    Tensor input = floats(TensorType.float32(2, 2), 3, -4, 0, 0);
    assertThat(evaluate(new LpNorm(1, 2), input))
        .containsExactly(new float[] {.6f, -.8f, 0, 0}, CLOSE);
    assertThat(evaluate(new LpNorm(1, 1), input))
        .containsExactly(new float[] {3f / 7, -4f / 7, 0, 0}, CLOSE);
    assertThat(evaluate(new L2Norm(-1, 10), input))
        .containsExactly(new float[] {.3f, -.4f, 0, 0}, CLOSE);
  }

  @Test
  void layerAndInstanceNormalisationHaveMeanZeroAndVarianceOne() {
    Tensor input = floats(TensorType.float32(1, 2, 2), 1, 10, 3, 30);
    Tensor two = floats(TensorType.float32(2), 2, 2);
    Tensor one = floats(TensorType.float32(2), 1, 1);
    assertThat(evaluate(new InstanceNorm(0), input, two, one))
        .containsExactly(new float[] {-1, -1, 3, 3}, CLOSE);
    assertThat(evaluate(new LayerNorm(-1, 0), input, two, one))
        .containsExactly(new float[] {-1, 3, -1, 3}, CLOSE);
  }

  @Test
  void anAverageCountsThePaddingThatItIsToldTo() {
    Tensor input = floats(TensorType.float32(1, 1, 2, 1), 6, 12);
    Padding2d sides = new Padding2d(0, 0, 1, 1);
    for (Padding2d counted : List.of(Padding2d.NONE, sides)) {
      WindowPool2d op =
          new WindowPool2d(
              WindowPool2d.Function.AVERAGE,
              1,
              new Size2d(1, 3),
              Size2d.ONE,
              Size2d.ONE,
              sides,
              counted,
              Activation.NONE);
      float expected = counted.equals(sides) ? 6 : 9;
      assertThat(evaluate(op, input)).containsExactly(expected, expected);
    }
  }

  @Test
  void aTransposedConvolutionSpreadsEachElement() {
    Tensor input = floats(TensorType.float32(1, 1, 2, 1), 1, 10);
    Tensor filter = floats(TensorType.float32(1, 1, 3, 1), 1, 2, 3);
    Tensor bias = floats(TensorType.float32(1), 0);
    TransposedConv2d op =
        new TransposedConv2d(
            new Size2d(1, 2), Size2d.ONE, Padding2d.NONE, 0, 1, 1, Activation.NONE);
    assertThat(evaluate(op, input, filter, bias)).containsExactly(1, 2, 13, 20, 30, 0);
  }

  @Test
  void floatsAreQuantisedSoThatZeroIsExact() {
    int[] centred = new int[3];
    float scale = DynamicQuantization.asymmetric(new float[] {-1, 0, 4}, 0, 3, centred);
    assertThat(scale).isEqualTo(5f / 255);
    assertThat(centred).containsExactly(-51, 0, 204);
    assertThat(DynamicQuantization.symmetric(new float[] {-2, 0, 1}, 0, 3, centred))
        .isEqualTo(2f / 127);
    assertThat(centred).containsExactly(-127, 0, 64);
  }

  @Test
  void sumsOf64BitsAreRoundedByHalfTheMultiplier() {
    Multiplier half = new Multiplier(1 << 30, 0);
    assertThat(FixedPoint.requantizeWide(5, half)).isEqualTo(3);
    assertThat(FixedPoint.requantizeWide(-5, half)).isEqualTo(-2);
    assertThat(FixedPoint.reduced(new Multiplier(Integer.MAX_VALUE, 0))).isEqualTo(0x7FFF);
  }
}
