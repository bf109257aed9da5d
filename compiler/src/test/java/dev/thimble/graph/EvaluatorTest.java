package dev.thimble.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final Graph SUM =
      GraphParser.parse(
          """
          graph "sum"
          input "a": f32[2]
          input "b": f32[2]
          const "c": f32[2] = [10.0, 20.0]
          node "ab": f32[2] = Binary(function=ADD, activation=NONE) "a", "b"
          node "abc": f32[2] = Binary(function=ADD, activation=NONE) "ab", "c"
          output "abc"
          output "a"
          """);
  private static final Tensor A = Tensor.ofFloats(TensorType.float32(2), 1, 2);

  @Test
  void outputsComeInTheGraphsOrder() {
    List<Tensor> outputs = Evaluator.outputs(SUM, List.of(A, A), Rounding.DOUBLE);
    assertThat(outputs.get(0).floats()).containsExactly(12, 24);
    assertThat(outputs.get(1)).isSameAs(A);
  }

  @Test
  void everyValueIsGiven() {
    Map<Value, Tensor> values =
        Evaluator.values(
            SUM, Map.of(SUM.inputs().get(0), A, SUM.inputs().get(1), A), Rounding.DOUBLE);
    assertThat(values.keySet().stream().map(Value::name))
        .containsExactlyInAnyOrder("a", "b", "c", "ab", "abc");
  }

  @Test
  void aMissingInputIsNamed() {
    assertThatThrownBy(
            () -> Evaluator.values(SUM, Map.of(SUM.inputs().getFirst(), A), Rounding.DOUBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input 'b' needs float32[2], was given nothing");
  }

  @Test
  void anInputOfAnotherTypeIsNamedWithBothTypes() {
    Tensor other = Tensor.ofInts(TensorType.int8(0.5f, 3, 1, 2), 1, 2);
    assertThatThrownBy(() -> Evaluator.outputs(SUM, List.of(A, other), Rounding.DOUBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("input 'b' needs float32[2], was given int8[1,2] scale 0.5 zero point 3");
  }

  @Test
  void tooManyInputsAreRefused() {
    assertThatThrownBy(() -> Evaluator.outputs(SUM, List.of(A, A, A), Rounding.DOUBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Graph 'sum' of 2 nodes needs 2 inputs, was given 3");
  }
}
