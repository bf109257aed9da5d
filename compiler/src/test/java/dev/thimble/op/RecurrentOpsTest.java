package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recurrent nodes by hand, and the words of their refusals. */
class RecurrentOpsTest {
  private static final TensorType ONE_FRAME = TensorType.float32(1, 1, 1);

  @Test
  void anLstmOfOneUnitIsItsDefinition() {
    List<Tensor> inputs =
        List.of(
            floats(ONE_FRAME, 0.5f),
            floats(TensorType.float32(4, 1), 1, 2, 3, 4),
            floats(TensorType.float32(4, 1), 0.1f, 0.2f, 0.3f, 0.4f),
            floats(TensorType.float32(4), 0, 0, 0, 0),
            floats(TensorType.float32(1, 1), 1),
            floats(TensorType.float32(1, 1), -1));
    List<Tensor> results =
        Lstm.of(Recurrence.FORWARD)
            .evaluate(inputs, List.of(ONE_FRAME, TensorType.float32(1, 1)), Rounding.DOUBLE);
    double c = -sigmoid(1.8) + sigmoid(0.6) * Math.tanh(2.4);
    assertThat(results.get(1).floats()[0]).isCloseTo((float) c, within(1e-6f));
    assertThat(results.get(0).floats()[0])
        .isCloseTo((float) (sigmoid(1.2) * Math.tanh(c)), within(1e-6f));
  }

  @Test
  void aGruOfOneUnitIsItsDefinition() {
    List<Tensor> inputs =
        List.of(
            floats(ONE_FRAME, 0.5f),
            floats(TensorType.float32(3, 1), 1, 2, 3),
            floats(TensorType.float32(3, 1), 0.1f, 0.2f, 0.3f),
            floats(TensorType.float32(3), 0, 0, 0),
            floats(TensorType.float32(3), 0, 0, 1),
            floats(TensorType.float32(1, 1), 2));
    double z = sigmoid(0.7);
    double r = sigmoid(1.4);
    double after = Math.tanh(1.5 + r * (0.6 + 1));
    double before = Math.tanh(1.5 + 0.3 * (r * 2) + 1);
    for (boolean linear : List.of(true, false)) {
      Gru op = new Gru(Recurrence.FORWARD, Gate.SIGMOID, Gate.TANH, 0, linear);
      float got = op.evaluate(inputs, ONE_FRAME, Rounding.DOUBLE).floats()[0];
      double candidate = linear ? after : before;
      assertThat(got).isCloseTo((float) ((1 - z) * candidate + z * 2), within(1e-6f));
    }
  }

  @Test
  void sigmoidAndTanhOfInt16AreOddAroundTheirMiddleAndSaturate() {
    assertThat(Gates16.sigmoid(0)).isEqualTo(1 << 14);
    assertThat(Gates16.tanh(0, 0)).isZero();
    assertThat(Gates16.sigmoid(Short.MAX_VALUE)).isBetween(32_750, 32_767);
    assertThat(Gates16.tanh(Short.MIN_VALUE, 1)).isBetween(-32_768, -32_750);
    assertThat(Gates16.sigmoidTable()).hasSize(256).startsWith(32768, 33451, 34133, 34813, 35493);
  }

  @Test
  void lengthsMustFitTheFrames() {
    Recurrence steps = new Recurrence(false, false, false, List.of(2));
    assertThatThrownBy(() -> steps.outputShape(ONE_FRAME, 1))
        .hasMessage("lengths [2] do not fit the input [1,1,1]");
  }

  @Test
  void theMemoryOfASvdfIsSymmetric() {
    TensorType memory =
        new TensorType(DType.INT16, Shape.of(1, 2), new QuantParams.PerTensor(0.5f, 1));
    TensorType frame = TensorType.int8(0.5f, 0, 1, 3);
    TensorType filter = TensorType.int8(0.5f, 0, 1, 3);
    assertThatThrownBy(() -> new SvdfMemory().check(List.of(memory, frame, filter), memory))
        .hasMessageStartingWith("memory must be int8 or int16 with zero point 0, is int16[1,2]");
  }

  private static Tensor floats(TensorType type, float... values) {
    return Tensor.ofFloats(type, values);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
