package dev.thimble.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.op.Reshape;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphCheckerTest {
  private static final Value X = new Value("x", TensorType.float32(2));
  private static final Value Y = new Value("y", TensorType.float32(2, 1));
  private static final Node NODE = new Node(new Reshape(Shape.of(2, 1)), List.of(X), Y);

  @Test
  void aWellFormedGraphIsHandedBack() {
    Graph graph = graph(List.of(X), Map.of(), List.of(NODE), List.of(Y), Map.of());
    assertThat(GraphChecker.check(graph)).isSameAs(graph);
  }

  @Test
  void twoInputsOfOneName() {
    refuses(
        graph(List.of(X, X), Map.of(), List.of(), List.of(X), Map.of()),
        "graph input: 'x' is defined twice");
  }

  @Test
  void aConstantOfAnInputsName() {
    refuses(
        graph(
            List.of(X),
            Map.of(X, Tensor.ofFloats(X.type(), 1, 2)),
            List.of(),
            List.of(X),
            Map.of()),
        "constant: 'x' is defined twice");
  }

  @Test
  void aConstantOfAnotherTypeThanItsData() {
    TensorType other = TensorType.of(DType.INT32, Shape.of(2));
    refuses(
        graph(List.of(), Map.of(X, Tensor.ofInts(other, 1, 2)), List.of(), List.of(X), Map.of()),
        "constant 'x' is declared float32[2]: its data has type int32[2]");
  }

  @Test
  void aNodeThatReadsWhatIsDefinedLater() {
    Value z = new Value("z", TensorType.float32(1, 2));
    Node later = new Node(new Reshape(Shape.of(1, 2)), List.of(Y), z);
    refuses(
        graph(List.of(X), Map.of(), List.of(later, NODE), List.of(z), Map.of()),
        "node 'z' (reshape): 'y' of type float32[2,1] is not defined before it");
  }

  @Test
  void aNodeThatReadsAValueUnderAnotherType() {
    Value other = new Value("x", TensorType.float32(2, 1, 1));
    refuses(
        graph(List.of(other), Map.of(), List.of(NODE), List.of(Y), Map.of()),
        "node 'y' (reshape): 'x' of type float32[2] is not defined before it");
  }

  @Test
  void aNodeWhoseOpComputesAnotherShape() {
    Node node = new Node(new Reshape(Shape.of(1, 2)), List.of(X), Y);
    refuses(
        graph(List.of(X), Map.of(), List.of(node), List.of(Y), Map.of()),
        "node 'y' (reshape): computes shape [1,2], its output is declared [2,1]");
  }

  @Test
  void aNodeOfTwoOutputsWhoseOpHasOne() {
    Node node =
        new Node(new Reshape(Shape.of(2, 1)), List.of(X), List.of(Y, new Value("z", Y.type())));
    refuses(
        graph(List.of(X), Map.of(), List.of(node), List.of(Y), Map.of()),
        "node 'y' (reshape): has one output, was given 2");
  }

  @Test
  void twoNodesThatDefineOneValue() {
    refuses(
        graph(List.of(X), Map.of(), List.of(NODE, NODE), List.of(Y), Map.of()),
        "node 'y' (reshape): 'y' is defined twice");
  }

  @Test
  void noOutputs() {
    refuses(
        graph(List.of(X), Map.of(), List.of(), List.of(), Map.of()), "graph 'g' has no outputs");
  }

  @Test
  void anOutputThatNothingDefines() {
    refuses(
        graph(List.of(X), Map.of(), List.of(), List.of(Y), Map.of()),
        "graph output: 'y' of type float32[2,1] is not defined before it");
  }

  @Test
  void anOriginOfWhatNothingDefines() {
    refuses(
        graph(List.of(X), Map.of(), List.of(), List.of(X), Map.of(Y, new Origin("z", List.of()))),
        "origin: 'y' of type float32[2,1] is not defined before it");
  }

  @Test
  void aNodeNeedsAnOutput() {
    assertThatThrownBy(() -> new Node(new Reshape(Shape.of(2)), List.of(X), List.of()))
        .hasMessage("reshape needs at least one output");
  }

  @Test
  void originsComposeWhenChannelsAreSelectedTwice() {
    Origin whole = new Origin("x", List.of());
    assertThat(whole.select(List.of(1, 3, 5)).select(List.of(0, 2)))
        .isEqualTo(new Origin("x", List.of(1, 5)));
  }

  private static Graph graph(
      List<Value> inputs,
      Map<Value, Tensor> constants,
      List<Node> nodes,
      List<Value> outputs,
      Map<Value, Origin> origins) {
    return new Graph("g", inputs, constants, nodes, outputs, origins);
  }

  private static void refuses(Graph graph, String message) {
    assertThatThrownBy(() -> GraphChecker.check(graph))
        .isInstanceOf(GraphException.class)
        .hasMessage(message);
  }
}
