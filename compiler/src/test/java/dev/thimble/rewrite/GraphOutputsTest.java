package dev.thimble.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.GraphPrinter;
import dev.thimble.op.Rounding;
import org.junit.jupiter.api.Test;

class GraphOutputsTest {
  private static void check(String before, String after) {
    Graph graph = GraphParser.parse(before);
    Graph materialised = GraphOutputs.materialise(graph);
    assertThat(GraphPrinter.print(materialised)).isEqualTo(after);
    Rewritten.assertExact(graph, materialised, Rounding.DOUBLE, 1);
    Graph again =
        GraphOutputs.materialise(
            Rewriter.run(materialised, RewriteOptions.of(Rounding.DOUBLE)).graph());
    assertThat(again).isEqualTo(materialised);
  }

  @Test
  void constantOutputIsCopiedAndKeepsItsName() {
    check(
        """
        graph "g"
        input "x": f32[2]
        const "c": f32[2] = [1.0, 2.0]
        output "c"
        """,
        """
        graph "g"
        input "x": f32[2]
        const "c~constant": f32[2] = [1.0, 2.0]
        node "c": f32[2] = Reshape(shape=[2]) "c~constant"
        output "c"
        origin "c~constant" = "c"[]
        """);
  }

  @Test
  void inputAsOutputIsCopiedUnderANewName() {
    check(
        """
        graph "g"
        input "x": f32[2]
        output "x"
        """,
        """
        graph "g"
        input "x": f32[2]
        node "x~output": f32[2] = Reshape(shape=[2]) "x"
        output "x~output"
        origin "x~output" = "x"[]
        """);
  }

  @Test
  void repeatedOutputIsCopied() {
    check(
        """
        graph "g"
        input "x": f32[2]
        node "y": f32[2] = Unary(function=RELU) "x"
        output "y"
        output "y"
        """,
        """
        graph "g"
        input "x": f32[2]
        node "y": f32[2] = Unary(function=RELU) "x"
        node "y~output": f32[2] = Reshape(shape=[2]) "y"
        output "y"
        output "y~output"
        origin "y~output" = "y"[]
        """);
  }

  @Test
  void repeatedConstantOutputIsCopiedTwice() {
    check(
        """
        graph "g"
        input "x": f32[2]
        const "c": f32[2] = [1.0, 2.0]
        output "c"
        output "c"
        """,
        """
        graph "g"
        input "x": f32[2]
        const "c~constant": f32[2] = [1.0, 2.0]
        node "c": f32[2] = Reshape(shape=[2]) "c~constant"
        node "c~output": f32[2] = Reshape(shape=[2]) "c~constant"
        output "c"
        output "c~output"
        origin "c~constant" = "c"[]
        origin "c~output" = "c"[]
        """);
  }
}
