package dev.thimble.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.GraphPrinter;
import org.junit.jupiter.api.Test;

class ClassifyTest {
  private static String classified(String text) {
    return GraphPrinter.print(Classify.apply(GraphParser.parse(text)));
  }

  @Test
  void softmaxBecomesArgMaxUnderTheOutputsName() {
    assertThat(
            classified(
                """
                graph "g"
                input "x": f32[2,5]
                node "s": f32[2,5] = Unary(function=RELU) "x"
                node "y": f32[2,5] = Softmax(beta=1.0, axis=-1) "s"
                output "y"
                """))
        .isEqualTo(
            """
            graph "g"
            input "x": f32[2,5]
            node "s": f32[2,5] = Unary(function=RELU) "x"
            node "y": i32[2] = ArgMax() "s"
            output "y"
            """);
  }

  @Test
  void anyOtherOutputIsComparedItself() {
    assertThat(
            classified(
                """
                graph "g"
                input "x": i8[1,3] scale 0.5 zero_point 0
                node "y": i8[1,3] scale 0.5 zero_point 0 = Unary(function=RELU) "x"
                output "y"
                """))
        .isEqualTo(
            """
            graph "g"
            input "x": i8[1,3] scale 0.5 zero_point 0
            node "y~scores": i8[1,3] scale 0.5 zero_point 0 = Unary(function=RELU) "x"
            node "y": i32[1] = ArgMax() "y~scores"
            output "y"
            origin "y~scores" = "y"[]
            """);
  }

  @Test
  void softmaxBehindADequantisationIsFound() {
    assertThat(
            classified(
                """
                graph "g"
                input "x": i8[1,3] scale 0.5 zero_point 0
                node "s": i8[1,3] scale 0.00390625 zero_point -128 = Softmax(beta=1.0, axis=-1) "x"
                node "y": f32[1,3] = Dequantize() "s"
                output "y"
                """))
        .isEqualTo(
            """
            graph "g"
            input "x": i8[1,3] scale 0.5 zero_point 0
            node "y": i32[1] = ArgMax() "x"
            output "y"
            """);
  }

  @Test
  void refusesSeveralOutputs() {
    Graph graph =
        GraphParser.parse(
            """
            graph "g"
            input "x": f32[2]
            node "y": f32[2] = Unary(function=RELU) "x"
            node "z": f32[2] = Unary(function=SIGMOID) "x"
            output "y"
            output "z"
            """);
    assertThatThrownBy(() -> Classify.apply(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--classify needs a network with one output, 'g' has 2: [y, z]; export the network with"
                + " the classifier's output alone");
  }

  @Test
  void refusesScoresThatAreNeitherFloatNorInt8() {
    Graph graph =
        GraphParser.parse(
            """
            graph "g"
            input "x": i16[2] scale 0.5 zero_point 0
            node "y": i16[1,2] scale 0.5 zero_point 0 = Reshape(shape=[1,2]) "x"
            output "y"
            """);
    assertThatThrownBy(() -> Classify.apply(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("output 'y' has type int16[1,2]");
  }
}
