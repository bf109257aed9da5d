package dev.thimble.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomGraphs;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdTest {
  private static final double[] THRESHOLDS = {
    0.001, 0.1, 0.3, 0.5, 0.7, 0.90234375, 0.999, 1 - 1e-9
  };

  private static Graph graph(String input, String output, String op) {
    return GraphParser.parse(
        """
        graph "g"
        input "x": %s
        node "y": %s = %s "x"
        output "y"
        """
            .formatted(input, output, op));
  }

  /** Compares the flags with the probabilities that the network computes without the option. */
  private static void check(Graph graph, double threshold, Rounding rounding, Tensor input) {
    Graph decided = Threshold.apply(graph, threshold, rounding);
    assertThat(decided.outputs().getFirst().name()).isEqualTo("y");
    Tensor expected = Evaluator.outputs(graph, List.of(input), rounding).getFirst();
    int[] flags = Evaluator.outputs(decided, List.of(input), rounding).getFirst().ints();
    TensorType type = expected.type();
    for (int i = 0; i < flags.length; i++) {
      double probability =
          type.isFloat()
              ? expected.floats()[i]
              : (double) type.scale() * (expected.ints()[i] - type.zeroPoint());
      assertThat(flags[i]).as("element " + i).isEqualTo(probability >= threshold ? 1 : 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void int8SigmoidIsComparedExactlyForEveryStoredValue(Rounding rounding) {
    for (double threshold : THRESHOLDS) {
      for (String scale : List.of("0.003", "0.05", "0.2")) {
        Graph graph =
            graph(
                "i8[256] scale " + scale + " zero_point 7",
                "i8[256] scale 0.00390625 zero_point -128",
                "Unary(function=SIGMOID)");
        int[] all = new int[256];
        Arrays.setAll(all, i -> i - 128);
        check(graph, threshold, rounding, Tensor.ofInts(graph.inputs().getFirst().type(), all));
      }
    }
  }

  @Test
  void floatSigmoidIsComparedAtTheLeastFloatThatReachesTheThreshold() {
    Graph graph = graph("f32[2000]", "f32[2000]", "Unary(function=SIGMOID)");
    SplittableRandom random = new SplittableRandom(1);
    for (double threshold : THRESHOLDS) {
      float boundary = (float) Math.log(threshold / (1 - threshold));
      float[] values = new float[2000];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            i % 2 == 0
                ? (float) random.nextDouble(-20, 20)
                : Float.intBitsToFloat(Float.floatToIntBits(boundary) + i - 1000);
      }
      check(
          graph,
          threshold,
          Rounding.DOUBLE,
          Tensor.ofFloats(graph.inputs().getFirst().type(), values));
    }
  }

  @ParameterizedTest
  @EnumSource
  void softmaxOfTwoClassesIsComparedOnDifferences(Rounding rounding) {
    Graph graph =
        graph(
            "i8[500,2] scale 0.02 zero_point 3",
            "i8[500,2] scale 0.00390625 zero_point -128",
            "Softmax(beta=1.0, axis=-1)");
    Tensor input = RandomGraphs.tensor(graph.inputs().getFirst().type(), new SplittableRandom(1));
    for (double threshold : THRESHOLDS) {
      check(graph, threshold, rounding, input);
    }
  }

  @Test
  void sigmoidBehindADequantisationIsFound() {
    Graph graph =
        GraphParser.parse(
            """
            graph "g"
            input "x": i8[3] scale 0.05 zero_point 0
            node "s": i8[3] scale 0.00390625 zero_point -128 = Unary(function=SIGMOID) "x"
            node "y": f32[3] = Dequantize() "s"
            output "y"
            """);
    Graph decided = Threshold.apply(graph, 0.5, Rounding.DOUBLE);
    assertThat(decided.nodes())
        .singleElement()
        .extracting(n -> n.op().kind())
        .isEqualTo("at_least");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.5, 2, Double.NaN})
  void refusesWhatIsNoProbability(double threshold) {
    Graph graph = graph("f32[2]", "f32[2]", "Unary(function=SIGMOID)");
    assertThatThrownBy(() -> Threshold.apply(graph, threshold, Rounding.DOUBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--threshold must be a probability between 0 and 1, was " + threshold);
  }

  @Test
  void refusesMoreThanTwoClasses() {
    Graph graph = graph("f32[1,3]", "f32[1,3]", "Softmax(beta=1.0, axis=-1)");
    assertThatThrownBy(() -> Threshold.apply(graph, 0.5, Rounding.DOUBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--threshold: node 'y' (softmax) has 3 classes, a threshold decides between two; use"
                + " --classify");
  }

  @Test
  void refusesAFloatSoftmax() {
    Graph graph = graph("f32[1,2]", "f32[1,2]", "Softmax(beta=1.0, axis=-1)");
    assertThatThrownBy(() -> Threshold.apply(graph, 0.5, Rounding.DOUBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("quantise the network with --calibrate, or use --classify");
  }

  @Test
  void refusesAnyOtherLastNode() {
    Graph graph = graph("f32[1,2]", "f32[1,2]", "Unary(function=RELU)");
    assertThatThrownBy(() -> Threshold.apply(graph, 0.5, Rounding.DOUBLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--threshold needs an output that a sigmoid or a softmax of two classes computes; 'y'"
                + " is computed by node 'y' (relu); end the network in a sigmoid, or use"
                + " --classify");
  }
}
