package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Compare;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Pad;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Parametric;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Reduce;
import dev.thimble.op.Reshape;
import dev.thimble.op.Size2d;
import dev.thimble.op.Unary;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.TfliteSamples;
import dev.thimble.testing.TfliteWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.GeluOptionsT;
import org.tensorflow.lite.schema.LeakyReluOptionsT;
import org.tensorflow.lite.schema.ModelT;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.SubOptionsT;
import org.tensorflow.lite.schema.TensorType;

/** What small hand-made models become, and the exact words for bad ones. */
class TfliteImporterTest {
  private static final String DAMAGED =
      "; the file is damaged or its exporter faulty: export the model again";
  private static final byte NONE = ActivationFunctionType.NONE;

  /** A 1x1 convolution over a 4x4 map of 2 channels into 3 channels. */
  static TfliteWriter convolution() {
    return new TfliteWriter()
        .int8("in", 0.5f, 3, 1, 4, 4, 2)
        .input("in")
        .int8PerChannel("filter", 0, new float[] {0.25f, 0.5f, 1}, 3, 1, 1, 2)
        .data("filter", new byte[] {1, 2, 3, 4, 5, 6})
        .int32("bias", 3)
        .data("bias", new int[] {10, 20, 30})
        .quantization("bias", 0, new float[] {0.125f, 0.25f, 0.5f}, new long[3])
        .int8("out", 1, 0, 1, 4, 4, 3)
        .output("out")
        .conv2d("in", "filter", "bias", "out", 1, Padding.SAME, ActivationFunctionType.RELU6);
  }

  private static Graph graph(TfliteWriter writer) {
    return ModelImporter.read("tiny.tflite", writer.bytes()).program().entry();
  }

  private static void assertRefused(TfliteWriter writer, String message) {
    byte[] bytes = writer.bytes();
    assertThatThrownBy(() -> ModelImporter.read("tiny.tflite", bytes))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }

  private static void assertFinding(TfliteWriter writer, String finding) {
    byte[] bytes = writer.bytes();
    assertThatThrownBy(() -> ModelImporter.read("tiny.tflite", bytes))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("\n  " + finding + "\n");
  }

  private static SubGraphT main(ModelT model) {
    return model.getSubgraphs()[0];
  }

  @Test
  void aConvolutionKeepsItsAttributesTypesAndData() {
    Graph graph = graph(convolution());
    assertThat(graph.nodes().getFirst().op())
        .isEqualTo(new Conv2d(Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, Activation.RELU6));
    Value filter = graph.nodes().getFirst().inputs().get(1);
    assertThat(filter.type().quant())
        .isEqualTo(new QuantParams.PerChannel(0, List.of(0.25f, 0.5f, 1f)));
    assertThat(graph.constant(filter).map(Tensor::ints))
        .hasValueSatisfying(ints -> assertThat(ints).containsExactly(1, 2, 3, 4, 5, 6));
    assertThat(graph.nodes().getFirst().inputs().get(2).type().quant()).isEqualTo(QuantParams.NONE);
  }

  @Test
  void aMissingBiasBecomesZeros() {
    TfliteWriter writer =
        new TfliteWriter()
            .float32("in", 1, 4)
            .input("in")
            .float32("filter", 2, 4)
            .data("filter", new float[8])
            .float32("out", 1, 2)
            .output("out")
            .fullyConnected("in", "filter", "-", "out", false, NONE);
    Graph graph = graph(writer);
    assertThat(graph.nodes().getFirst().op()).isEqualTo(new FullyConnected(false, Activation.NONE));
    Value bias = graph.nodes().getFirst().inputs().get(2);
    assertThat(bias.name()).isEqualTo("out_bias");
    assertThat(graph.constant(bias).orElseThrow().floats()).containsExactly(0, 0);
  }

  @Test
  void aFilterWithFewerChannelsMakesGroups() {
    TfliteWriter writer =
        new TfliteWriter()
            .float32("in", 1, 5, 5, 6)
            .input("in")
            .float32("filter", 4, 3, 3, 3)
            .data("filter", new float[108])
            .float32("out", 1, 3, 3, 4)
            .output("out")
            .conv2d("in", "filter", "-", "out", 2, Padding.SAME, NONE);
    assertThat(graph(writer).nodes().getFirst().op())
        .isEqualTo(
            new Conv2d(
                new Size2d(2, 2), Size2d.ONE, new Padding2d(1, 1, 1, 1), 2, Activation.NONE));
  }

  @Test
  void aDepthwiseMultiplierComesFromTheShapes() {
    TfliteWriter writer =
        new TfliteWriter()
            .float32("in", 1, 3, 3, 2)
            .input("in")
            .float32("filter", 1, 3, 3, 4)
            .data("filter", new float[36])
            .float32("out", 1, 1, 1, 4)
            .output("out")
            .depthwiseConv2d("in", "filter", "-", "out", 1, Padding.VALID, NONE);
    assertThat(((DepthwiseConv2d) graph(writer).nodes().getFirst().op()).multiplier()).isEqualTo(2);
  }

  @Test
  void poolsMeansPadsAndReshapesKeepTheirAttributes() {
    TfliteWriter writer =
        new TfliteWriter()
            .int8("in", 0.5f, 7, 1, 4, 4, 2)
            .input("in")
            .int8("pooled", 0.5f, 7, 1, 2, 2, 2)
            .pool(BuiltinOperator.MAX_POOL_2D, "in", "pooled", 3, 2, Padding.SAME)
            .int32("paddings", 4, 2)
            .data("paddings", new int[] {0, 0, 1, 0, 0, 2, 0, 0})
            .int8("padded", 0.5f, 7, 1, 3, 4, 2)
            .operator(BuiltinOperator.PAD, List.of("pooled", "paddings"), List.of("padded"))
            .int32("axes", 2)
            .data("axes", new int[] {-2, 1})
            .int8("mean", 0.25f, 0, 1, 2)
            .mean("padded", "axes", "mean", false)
            .int32("shape", 1)
            .data("shape", new int[] {-1})
            .int8("out", 0.25f, 0, 2)
            .output("out")
            .operator(BuiltinOperator.RESHAPE, List.of("mean", "shape"), List.of("out"));
    Graph graph = graph(writer);
    assertThat(graph.nodes().stream().map(node -> node.op()))
        .containsExactly(
            new Pool2d(
                Pool2d.Kind2d.MAX,
                new Size2d(3, 3),
                new Size2d(2, 2),
                new Padding2d(0, 1, 0, 1),
                Activation.NONE),
            new Pad(List.of(0, 1, 0, 0), List.of(0, 0, 2, 0), 7),
            new Reduce(Reduce.Function.MEAN, List.of(1, 2), false),
            new Reshape(Shape.of(2)));
    assertThat(graph.constants()).isEmpty();
  }

  @Test
  void aProductKeepsItsFusedActivation() {
    TfliteWriter writer =
        new TfliteWriter()
            .int8("in", 0.5f, 7, 1, 4, 2)
            .input("in")
            .int8("gate", 0.25f, 0, 2)
            .data("gate", new byte[] {3, -4})
            .int8("out", 0.125f, 1, 1, 4, 2)
            .output("out")
            .mul("in", "gate", "out", ActivationFunctionType.RELU6);
    assertThat(graph(writer).nodes().getFirst().op())
        .isEqualTo(new Binary(Binary.Function.MUL, Activation.RELU6));
  }

  @Test
  void elementwiseOperatorsKeepTheirAttributes() {
    LeakyReluOptionsT leaky = new LeakyReluOptionsT();
    leaky.setAlpha(0.25f);
    GeluOptionsT gelu = new GeluOptionsT();
    gelu.setApproximate(true);
    SubOptionsT sub = new SubOptionsT();
    sub.setFusedActivationFunction(ActivationFunctionType.RELU);
    TfliteWriter writer = new TfliteWriter().float32("in", 2, 3).input("in");
    for (String name : List.of("a", "b", "c", "d", "e", "sum")) {
      writer.float32(name, 2, 3);
    }
    writer
        .tensor("less", TensorType.BOOL, 2, 3)
        .tensor("out", TensorType.INT64, 2, 3)
        .output("out")
        .operator(
            BuiltinOperator.LEAKY_RELU,
            BuiltinOptions.LeakyReluOptions,
            leaky,
            List.of("in"),
            List.of("a"))
        .operator(
            BuiltinOperator.GELU, BuiltinOptions.GeluOptions, gelu, List.of("a"), List.of("b"))
        .operator(
            BuiltinOperator.SUB, BuiltinOptions.SubOptions, sub, List.of("a", "b"), List.of("c"))
        .operator(BuiltinOperator.ELU, List.of("c"), List.of("d"))
        .operator(BuiltinOperator.RELU_0_TO_1, List.of("d"), List.of("e"))
        .operator(BuiltinOperator.ADD_N, List.of("a", "b", "e"), List.of("sum"))
        .operator(BuiltinOperator.LESS, List.of("sum", "a"), List.of("less"))
        .operator(BuiltinOperator.CAST, List.of("less"), List.of("out"));
    Binary add = new Binary(Binary.Function.ADD, Activation.NONE);
    assertThat(graph(writer).nodes().stream().map(node -> node.op()))
        .containsExactly(
            new Parametric(Parametric.Function.LEAKY_RELU, 0.25f),
            new Unary(Unary.Function.GELU_TANH),
            new Binary(Binary.Function.SUB, Activation.RELU),
            new Parametric(Parametric.Function.ELU, 1),
            new Parametric(Parametric.Function.CLIP, 0, 1),
            add,
            add,
            new Compare(Compare.Function.LESS),
            new Cast());
  }

  @Test
  void aChoiceAmongRowsIsUnsupported() {
    assertFinding(
        new TfliteWriter()
            .tensor("condition", TensorType.BOOL, 2)
            .input("condition")
            .float32("in", 2, 2)
            .input("in")
            .float32("out", 2, 2)
            .output("out")
            .operator(BuiltinOperator.SELECT, List.of("condition", "in", "in"), List.of("out")),
        "operator 0 (SELECT) -> 'out': found bool[2], float32[2,2], float32[2,2] -> float32[2,2];"
            + " supported: a condition of the operands' shape, or a single one");
  }

  @Test
  void repeatedAndEmptyNamesBecomeUnique() {
    TfliteWriter writer =
        new TfliteWriter()
            .float32("a", 1, 2)
            .input("a")
            .float32("b", 1, 2)
            .float32("c", 1, 2)
            .output("c")
            .operator(BuiltinOperator.RELU, List.of("a"), List.of("b"))
            .operator(BuiltinOperator.RELU6, List.of("b"), List.of("c"))
            .edit(model -> main(model).getTensors()[1].setName("a"))
            .edit(model -> main(model).getTensors()[2].setName(""));
    Graph graph = graph(writer);
    assertThat(graph.nodes().stream().map(node -> node.name())).containsExactly("a_1", "tensor_2");
  }

  @Test
  void outputsMayBeInputsAndConstants() {
    TfliteWriter writer =
        new TfliteWriter()
            .float32("in", 1)
            .input("in")
            .float32("one", 1)
            .data("one", new float[] {1})
            .output("in")
            .output("one");
    Graph graph = graph(writer);
    assertThat(graph.outputs().stream().map(Value::name)).containsExactly("in", "one");
    assertThat(graph.constants()).hasSize(1);
  }

  @Test
  void everyUnsupportedNodeIsListedInOneMessage() {
    String operators =
        TfliteSamples.models(true).keySet().stream()
            .map(BuiltinOperator::name)
            .sorted()
            .collect(Collectors.joining(", "));
    TfliteWriter writer =
        new TfliteWriter()
            .float32("in", 1, 2)
            .input("in")
            .float32("grams", 1, 2)
            .operator(BuiltinOperator.SKIP_GRAM, List.of("in"), List.of("grams"))
            .float32("relu", 1, 2)
            .operator(BuiltinOperator.RELU, List.of("grams"), List.of("relu"))
            .tensor("out", TensorType.COMPLEX64, 1, 2)
            .output("out")
            .custom("Threshold", List.of("relu"), List.of("out"));
    assertRefused(
        writer,
        """
        tiny.tflite: 2 of 3 operators and the model itself not supported:
          operator 0 (SKIP_GRAM) -> 'grams': found float32[1,2] -> float32[1,2]; supported: no form of \
        this operator
          operator 2 (CUSTOM 'Threshold') -> 'out': found float32[1,2] -> complex64[1,2]; supported: no \
        form of this operator
          graph output 0: found 'out' of type complex64[1,2]; supported: dense tensors of float32, \
        of booleans or of integers, with extents of at least 1
        remedy: express these operators with supported ones (%s) and export the network \
        as float32, or with full int8 quantisation\
        """
            .formatted(operators));
  }

  @Test
  void mixedTypesNonZeroZeroPointsAndFusedTanhAreUnsupported() {
    String supported =
        "; supported: float32 throughout; int8 or int16 activations per tensor with a constant int8"
            + " filter symmetric per tensor or per output channel and a constant bias; uint8 per"
            + " tensor throughout; float32 activations with a constant symmetric int8 filter";
    assertFinding(
        convolution().float32("in", 1, 4, 4, 2),
        "operator 0 (CONV_2D) -> 'out': found float32[1,4,4,2], int8[3,1,1,2],"
            + " int32[3] -> int8[1,4,4,3]"
            + supported);
    assertFinding(
        convolution().quantization("filter", 0, new float[] {1}, new long[] {5}),
        "operator 0 (CONV_2D) -> 'out': found a filter with zero point 5, int8[1,4,4,2],"
            + " int8[3,1,1,2], int32[3] -> int8[1,4,4,3]"
            + supported);
    assertFinding(
        new TfliteWriter()
            .float32("in", 1)
            .input("in")
            .float32("out", 1)
            .output("out")
            .add("in", "in", "out", ActivationFunctionType.TANH),
        "operator 0 (ADD) -> 'out': found fused activation TANH; supported: fused RELU, RELU6 and"
            + " RELU_N1_TO_1");
  }
}
