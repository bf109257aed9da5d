package dev.thimble.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.op.Reshape;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.RandomGraphs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphTextTest {
  private static final int SEEDS = 150;

  @Test
  void everyInt8GraphReadsBackEqual() {
    RandomGraphs.forSeeds(SEEDS, seed -> roundTrips(RandomGraphs.int8(seed)));
  }

  @Test
  void everyFloatGraphReadsBackEqual() {
    RandomGraphs.forSeeds(SEEDS, seed -> roundTrips(RandomGraphs.float32(seed)));
  }

  @Test
  void originsAndAllChannelsReadBack() {
    Value x = new Value("x", TensorType.float32(1, 2));
    Value y = new Value("y", TensorType.float32(2, 1));
    Node node = new Node(new Reshape(Shape.of(2, 1)), List.of(x), y);
    roundTrips(
        new Graph(
            "g",
            List.of(x),
            Map.of(),
            List.of(node),
            List.of(y),
            Map.of(y, new Origin("z", List.of(3)), x, new Origin("w", List.of()))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "\"",
        "\\",
        "\\u0041",
        "tab\t",
        "line\nbreak\r",
        "\u2028\u0085\u007f",
        "é漢😀",
        "# x",
        "a,b=c:[d]"
      })
  void everyNameReadsBack(String name) {
    Value x = new Value(name, TensorType.float32(1));
    Value y = new Value("y" + name, TensorType.float32(1, 1));
    Node node = new Node(new Reshape(Shape.of(1, 1)), List.of(x), y);
    Graph graph = new Graph(name, List.of(x), Map.of(), List.of(node), List.of(y), Map.of());
    roundTrips(graph);
    assertThat(GraphPrinter.print(graph).lines()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65})
  void constantsReadBackInTextAndInBase64(int elements) {
    float[] floats = new float[elements];
    int[] ints = new int[elements];
    for (int i = 0; i < elements; i++) {
      floats[i] = i / 7f;
      ints[i] = Integer.MIN_VALUE + i;
    }
    floats[0] = Float.NaN;
    floats[1] = Float.NEGATIVE_INFINITY;
    floats[2] = -0f;
    floats[3] = Float.MIN_VALUE;
    TensorType reals = TensorType.float32(elements);
    TensorType integers = TensorType.of(DType.INT32, Shape.of(elements));
    Value x = new Value("x", TensorType.float32(1));
    roundTrips(
        new Graph(
            "g",
            List.of(x),
            Map.of(
                new Value("a", reals), Tensor.ofFloats(reals, floats),
                new Value("b", integers), Tensor.ofInts(integers, ints)),
            List.of(),
            List.of(x),
            Map.of()));
  }

  @Test
  void emptyLinesCommentsAndIndentationArePassedOver() {
    assertThat(GraphParser.parse("\n# a comment\n  input \"x\" : f32 [ 1 , 2 ]\r\n\n output \"x\""))
        .isEqualTo(GraphParser.parse("input \"x\": f32[1,2]\noutput \"x\"\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "layer \"x\" | column 1: expected graph, input, const, state, node, next, output or origin",
        "[1] | column 1: expected a word or a number",
        "input x: f32[1] | column 7: expected '\"'",
        "input \"x | column 9: expected '\"'",
        "input \"x\\ | column 10: expected a character after '\\'",
        "input \"\\u00\" | column 10: expected four digits after '\\u'",
        "input \"\\u00zz\": f32[1] | column 14: expected four hexadecimal digits after '\\u'",
        "input \"x\" f32[1] | column 11: expected ':'",
        "input \"x\": f16[1] | column 12: unknown element type 'f16'",
        "input \"x\": f32 | column 15: expected '['",
        "input \"x\": f32[1 2] | column 18: expected ']'",
        "input \"x\": f32[1,z] | column 18: 'z' is no integer",
        "input \"x\": f32[0] | column 15: every extent of a shape must be >= 1, was [0]",
        "input \"x\": f32[1] and | column 19: unexpected 'and'",
        "input \"\": f32[1] | column 14: a value needs a name",
        "input \"a\": f32[1] | column 7: 'a' is defined twice",
        "input \"x\": i8[1] scale 0.5 | column 27: expected 'zero_point'",
        "input \"x\": i8[1] scale zero | column 24: 'zero' is no number",
        "input \"x\": i8[1] scale 0.5 zero_point 200 | column 39: zero point 200 lies outside int8",
        "input \"x\": i8[1] scale -1 zero_point 0 | "
            + "column 38: a scale must be positive and finite, was -1.0",
        "input \"x\": i8[2] axis 0 scales [1] | "
            + "column 32: 1 scales on axis 0 do not fit shape [2]",
        "const \"c\": i8[2] | column 17: expected '='",
        "const \"c\": i8[2] = [1] | column 20: 1 values given for 2 elements of [2]",
        "const \"c\": i8[1] = [128] | column 20: 128 lies outside int8",
        "const \"c\": i8[1] = [1.5] | column 21: '1.5' is no integer",
        "const \"c\": f32[1] = [one] | column 22: 'one' is no number",
        "const \"c\": f32[1] = base64 \"!!!!\" | column 28: Illegal base64 character 21",
        "const \"c\": f32[1] = base64 \"AAAAAAA=\" | column 28: 5 bytes given for 1 elements of"
            + " [1]",
        "node \"y\": f32[1] = Dense() \"a\" | column 20: there is no op 'Dense'",
        "node \"y\": f32[1] = Softmax() \"a\" | column 28: expected 'beta'",
        "node \"y\": f32[1] = Softmax(beta=b) \"a\" | column 33: 'b' is no number",
        "node \"y\": f32[1] = Softmax(beta=-1.0, axis=-1) \"a\" | "
            + "column 47: Softmax: beta must be positive, was -1.0",
        "node \"y\": f32[1] = Unary(function=TANGENT) \"a\" | column 35: 'TANGENT' is no Function",
        "node \"y\": f32[1] = Softmax(beta=1.0, axis=-1) \"b\" | "
            + "column 47: 'b' is not defined before it",
        "output \"b\" | column 8: 'b' is not defined before it",
        "origin \"a\" \"b\"[] | column 12: expected '='",
        "origin \"a\" = \"b\"[x] | column 18: 'x' is no integer",
      })
  void errorsNameLineAndColumn(String line, String message) {
    String text = "graph \"g\"\ninput \"a\": f32[1]\n" + line + "\noutput \"a\"\n";
    assertThatThrownBy(() -> GraphParser.parse(text))
        .isInstanceOf(GraphException.class)
        .hasMessage("line 3, " + message);
  }

  private static void roundTrips(Graph graph) {
    String text = GraphPrinter.print(graph);
    Graph read = GraphParser.parse(text);
    assertThat(read).isEqualTo(graph);
    assertThat(GraphPrinter.print(read)).isEqualTo(text);
  }
}
