package dev.thimble;

import static dev.thimble.testing.OnnxWriter.integer;
import static dev.thimble.testing.OnnxWriter.ints;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Samples;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Bias;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Quantize;
import dev.thimble.op.Rounding;
import dev.thimble.op.Transpose;
import dev.thimble.quant.Diagnosis;
import dev.thimble.quant.QuantizationLoss;
import dev.thimble.quant.SampleListener;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Examples;
import dev.thimble.testing.FoldAgreement;
import dev.thimble.testing.OnnxWriter;
import dev.thimble.testing.QuantizedOnnx;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that are quantised elsewhere become integers, within a step of their floats. */
class IntegerNetworkTest {
  private static final int SAMPLES = 3;
  private static final String MICROSOFT = "com.microsoft";

  private static ImportedModel read(OnnxWriter writer) {
    return ModelImporter.read("net.onnx", writer.bytes());
  }

  /** Compares the integers of a model with its floats, node by node. */
  private static FoldAgreement compare(ImportedModel model, ImportedModel integers) {
    Graph floats = model.program().entry();
    FoldAgreement agreement =
        new FoldAgreement(floats, integers.program().entry(), Rounding.SINGLE);
    for (int seed = 1; seed <= SAMPLES; seed++) {
      agreement.add(Seeds.sample(seed, floats.inputs()));
    }
    assertThat(agreement.nodeSteps()).as(agreement.text()).isLessThanOrEqualTo(1);
    return agreement;
  }

  /** The integers of a network in which everything folds. */
  private static Graph folded(OnnxWriter writer) {
    ImportedModel model = read(writer);
    IntegerNetwork made = IntegerNetwork.of(model);
    Graph graph = made.model().program().entry();
    assertThat(made.inFloat()).isEmpty();
    assertThat(graph.nodes())
        .filteredOn(node -> !(node.op() instanceof Quantize) && !(node.op() instanceof Dequantize))
        .isNotEmpty()
        .allSatisfy(node -> assertThat(node.output().type().isFloat()).as(node.place()).isFalse());
    compare(model, made.model());
    return graph;
  }

  @RepeatedTest(12)
  void randomNetworksAreWithinAStepOfTheirFloats(RepetitionInfo info) {
    Random random = new Random(info.getCurrentRepetition());
    QuantizedOnnx net = new QuantizedOnnx(random, random.nextBoolean());
    net.writer().input("x", 1, 3, 8, 6);
    String x = net.quantized("x", 1);
    String conv = conv(net, random, x, 3);
    String kept = net.quantized(conv, 1.5);
    String at = kept;
    for (int i = 0; i < 3; i++) {
      at = net.quantized(step(net, random, at, kept), 1.5);
    }
    String mean = net.quantized(net.node("GlobalAveragePool", List.of(at)), 0.5);
    String flat = net.quantized(net.node("Flatten", List.of(mean)), 0.5);
    String weights = net.filter(false, false, 5, 4);
    String dense = net.quantized(net.node("Gemm", List.of(flat, weights), integer("transB", 1)), 1);
    String y = net.quantized(net.node("Softmax", List.of(dense)), net.quantity(1f / 255, 0));
    ImportedModel model = read(net.writer().output(y));
    IntegerNetwork made = IntegerNetwork.of(model);
    assertThat(made.model()).isNotSameAs(model);
    compare(model, made.model());
  }

  private static String conv(QuantizedOnnx net, Random random, String x, int channels) {
    boolean perChannel = random.nextBoolean();
    String filter = net.filter(perChannel, !perChannel && random.nextBoolean(), 4, channels, 3, 3);
    net.writer().floats("bias" + filter, 4);
    String conv = net.node("Conv", List.of(x, filter, "bias" + filter), ints("pads", 1, 1, 1, 1));
    return random.nextBoolean() ? net.node("Relu", List.of(conv)) : conv;
  }

  /** A node that keeps the shape. */
  private static String step(QuantizedOnnx net, Random random, String x, String other) {
    AttributeProto[] window = {
      ints("kernel_shape", 3, 3), ints("pads", 1, 1, 1, 1), ints("strides", 1, 1)
    };
    return switch (random.nextInt(10)) {
      case 0 -> conv(net, random, x, 4);
      case 1 -> net.node("Relu", List.of(net.node("Add", List.of(x, other))));
      case 2 -> net.node("Mul", List.of(x, other));
      case 3 -> net.node("Sub", List.of(x, other));
      case 4 -> net.node("MaxPool", List.of(x), window);
      case 5 -> net.node("AveragePool", List.of(x), window);
      case 6 -> net.node("Sigmoid", List.of(x));
      case 7 -> net.node("LeakyRelu", List.of(x));
      case 8 -> net.node("Max", List.of(x, other));
      default ->
          net.node(
              "Slice",
              List.of(
                  net.node("Concat", List.of(x, other), integer("axis", 1)),
                  net.whole(2),
                  net.whole(6),
                  net.whole(1)));
    };
  }

  @Test
  void aConvolutionOfBytesHasTheElementsOfItsFile() {
    QuantizedOnnx net = new QuantizedOnnx(new Random(3), true);
    net.writer().input("x", 1, 3, 8, 6);
    String x = net.quantized("x", 1);
    String conv = net.node("Conv", List.of(x, net.filter(true, false, 4, 3, 3, 3)));
    String y = net.quantized(net.node("Clip", List.of(conv)), 1);
    Graph graph = folded(net.writer().output(y).output(y.replace("_dq", "_q")));
    assertThat(graph.outputs().get(1).type().dtype()).isEqualTo(DType.UINT8);
    assertThat(graph.nodes().stream().map(node -> node.op().kind()))
        .containsExactlyInAnyOrder("quantize", "conv2d", "dequantize", "requantize");
  }

  @Test
  void aMapThatIsFlattenedIsNotTransposed() {
    QuantizedOnnx net = new QuantizedOnnx(new Random(4), false);
    net.writer().input("x", 1, 3, 4, 4);
    String conv =
        net.node("Conv", List.of(net.quantized("x", 1), net.filter(true, false, 4, 3, 3, 3)));
    String map = net.quantized(conv, 1);
    String flat = net.quantized(net.node("Flatten", List.of(map)), 1);
    String y =
        net.quantized(
            net.node("Gemm", List.of(flat, net.filter(false, false, 5, 16)), integer("transB", 1)),
            1);
    assertThat(folded(net.writer().output(y)).nodes())
        .noneMatch(node -> node.op() instanceof Transpose);
  }

  @Test
  void whatCannotFoldStaysInFloatAndSaysWhy() {
    QuantizedOnnx net = new QuantizedOnnx(new Random(5), false);
    net.writer().input("x", 1, 4, 4, 4).floats("slopes", 4, 1, 1);
    String relu = net.quantized(net.node("Relu", List.of(net.quantized("x", 1))), 1);
    String y = net.quantized(net.node("PRelu", List.of(relu, "slopes")), 1);
    IntegerNetwork made = IntegerNetwork.of(read(net.writer().output(y)));
    assertThat(made.inFloat()).hasSize(1);
    assertThat(made.inFloat().getFirst().reason()).contains("more than 8 bits");
  }

  @Test
  void aFloatNetworkStaysAsItIs() {
    ImportedModel model = read(OnnxWriter.lenet());
    assertThat(IntegerNetwork.of(model).model()).isSameAs(model);
  }

  @TestFactory
  Stream<DynamicTest> operatorsOfOnnxRuntimeAreIntegers() {
    return Stream.of(
            "QLinearAdd",
            "QLinearMul",
            "QLinearSigmoid",
            "QLinearLeakyRelu",
            "QLinearSoftmax",
            "QLinearAveragePool",
            "QLinearGlobalAveragePool",
            "QLinearConcat",
            "QLinearConv",
            "QLinearMatMul",
            "QGemm",
            "MaxPool")
        .map(op -> DynamicTest.dynamicTest(op, () -> folded(operator(op))));
  }

  /** A network of quantised x, this operator, and its dequantised result. */
  private static OnnxWriter operator(String op) {
    QuantizedOnnx net = new QuantizedOnnx(new Random(op.hashCode()), true);
    boolean matrix =
        op.equals("QLinearMatMul") || op.equals("QGemm") || op.equals("QLinearSoftmax");
    OnnxWriter writer =
        matrix ? net.writer().input("x", 3, 6) : net.writer().input("x", 1, 3, 6, 6);
    List<String> in = net.quantity(0.01f, 120);
    List<String> out = net.quantity(op.equals("QLinearSoftmax") ? 1f / 256 : 0.015f, 100);
    writer.node("QuantizeLinear", List.of("x", in.get(0), in.get(1)), "q");
    List<String> x = List.of("q", in.get(0), in.get(1));
    AttributeProto window = ints("kernel_shape", 2, 2);
    switch (op) {
      case "QLinearAdd", "QLinearMul" -> writer.foreign(MICROSOFT, op, joined(x, x, out), "y");
      case "QLinearConcat" ->
          writer.foreign(MICROSOFT, op, joined(out, x, x), "y", integer("axis", 1));
      case "QLinearAveragePool" -> writer.foreign(MICROSOFT, op, joined(x, out), "y", window);
      case "MaxPool" -> writer.node(op, List.of("q"), "y", window);
      case "QLinearConv" -> {
        writer.stored("w", DataType.INT8, List.of(4L, 3L, 3L, 3L), net.integers(108, -127, 127));
        writer.numbers("ws", List.of(4L), 0.01f, 0.002f, 0.005f, 0.02f);
        writer.stored("wz", DataType.INT8, List.of(4L), new int[4]);
        writer.stored("b", DataType.INT32, List.of(4L), 100, -3000, 700, 0);
        writer.node(op, joined(x, List.of("w", "ws", "wz"), out, List.of("b")), "y");
      }
      case "QLinearMatMul", "QGemm" -> {
        writer.stored("w", DataType.INT8, List.of(6L, 5L), net.integers(30, -127, 127));
        writer.numbers("ws", List.of(), 0.01f);
        writer.stored("wz", DataType.INT8, List.of(), 0);
        writer.stored("c", DataType.INT32, List.of(5L), 100, -3000, 700, 0, 9);
        List<String> w = List.of("w", "ws", "wz");
        if (op.equals("QGemm")) {
          writer.foreign(MICROSOFT, op, joined(x, w, List.of("c"), out), "y");
        } else {
          writer.node(op, joined(x, w, out), "y");
        }
      }
      default -> writer.foreign(MICROSOFT, op, joined(x, out), "y");
    }
    boolean moved = op.equals("MaxPool");
    List<String> quantity = moved ? in : out;
    writer.node("DequantizeLinear", List.of("y", quantity.get(0), quantity.get(1)), "real");
    // A pool of bytes is no node of floats, and alone would leave the network as it is.
    return moved
        ? writer.node("Relu", List.of("real"), "relu").output(net.quantized("relu", 1))
        : writer.output("real");
  }

  @Test
  void integersAtAnEndShowNoScaleThatTheirFileDoesNotState() {
    OnnxWriter writer = operator("QLinearConv").output("y");
    Graph graph = IntegerNetwork.of(read(writer)).model().program().entry();
    assertThat(graph.outputs().get(1).type().isQuantized()).isTrue();
    assertThat(graph.outputs().get(1).type().scale()).isEqualTo(0.015f);
    QuantizedOnnx net = new QuantizedOnnx(new Random(8), true);
    List<String> in = net.quantity(0.01f, 120);
    List<String> out = net.quantity(0.015f, 100);
    net.writer()
        .input("x", 1, 3, 6, 6)
        .node("QuantizeLinear", List.of("x", in.get(0), in.get(1)), "q")
        .stored("w", DataType.INT8, List.of(4L, 3L, 1L, 1L), net.integers(12, -127, 127))
        .numbers("ws", List.of(), 0.01f)
        .stored("wz", DataType.INT8, List.of(), 0)
        .node("QLinearConv", joined(List.of("q"), in, List.of("w", "ws", "wz"), out), "y")
        .output("y");
    Graph bare = IntegerNetwork.of(read(net.writer())).model().program().entry();
    assertThat(bare.outputs().getFirst().type().isQuantized()).isFalse();
  }

  @SafeVarargs
  private static List<String> joined(List<String>... lists) {
    List<String> all = new ArrayList<>();
    for (List<String> list : lists) {
      all.addAll(list);
    }
    return all;
  }

  @Test
  void aQuantOfQonnxRoundsToTheGridOfItsBits() {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 1, 5)
            .numbers("scale", List.of(), 0.5f)
            .numbers("zero", List.of(), 1)
            .numbers("bits", List.of(), 3)
            .foreign(
                "qonnx.custom_op.general",
                "Quant",
                List.of("x", "scale", "zero", "bits"),
                "y",
                integer("signed", 1),
                integer("narrow", 1))
            .output("y");
    Graph graph = read(writer).program().entry();
    Tensor x = Tensor.ofFloats(graph.inputs().getFirst().type(), -9, -0.25f, 0.26f, 0.75f, 9);
    Tensor y = Evaluator.outputs(graph, List.of(x), Rounding.DOUBLE).getFirst();
    assertThat(y.floats()).containsExactly(-2, -0.5f, 0.5f, 0.5f, 1);
  }

  @Test
  void bipolarAndTruncatedNumbersOfQonnxAreThoseOfItsSpecification() {
    OnnxWriter writer =
        new OnnxWriter()
            .input("x", 1, 4)
            .numbers("scale", List.of(), 0.5f)
            .numbers("zero", List.of(), 0)
            .numbers("before", List.of(), 8)
            .numbers("after", List.of(), 6)
            .foreign("qonnx.custom_op.general", "BipolarQuant", List.of("x", "scale"), "signs")
            .foreign(
                "qonnx.custom_op.general",
                "Trunc",
                List.of("x", "scale", "zero", "before", "after"),
                "cut")
            .output("signs")
            .output("cut");
    Graph graph = read(writer).program().entry();
    Tensor x = Tensor.ofFloats(graph.inputs().getFirst().type(), -3, 0, 3.5f, 8);
    List<Tensor> outputs = Evaluator.outputs(graph, List.of(x), Rounding.DOUBLE);
    assertThat(outputs.get(0).floats()).containsExactly(-0.5f, 0.5f, 0.5f, 0.5f);
    assertThat(outputs.get(1).floats()).containsExactly(-1, 0, 0.5f, 2);
  }

  @Test
  void layersBetweenQuantsOfQonnxAreIntegers() {
    QuantizedOnnx net = new QuantizedOnnx(new Random(6), false);
    OnnxWriter writer =
        net.writer()
            .input("x", 1, 3, 6, 6)
            .numbers("scale", List.of(), 0.125f)
            .numbers("fine", List.of(), 0.0625f)
            .numbers("zero", List.of(), 0)
            .numbers("four", List.of(), 4)
            .floats("w", 4, 3, 3, 3);
    writer.foreign("onnx.brevitas", "Quant", List.of("w", "fine", "zero", "four"), "wq");
    writer.foreign("onnx.brevitas", "Quant", List.of("x", "scale", "zero", "four"), "xq");
    writer.node("Conv", List.of("xq", "wq"), "conv");
    writer.node("Relu", List.of("conv"), "relu");
    writer.foreign(
        "onnx.brevitas",
        "Quant",
        List.of("relu", "scale", "zero", "four"),
        "y",
        integer("signed", 0));
    folded(writer.output("y"));
  }

  /** What a relu cuts off there is cut off by the float network too, and no loss. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet8_ptq", "ds_cnn_ptq"})
  void theLossOfANetworkThatPytorchQuantisedIsThatOfItsSteps(String name) {
    ImportedModel model = ModelImporter.read(Examples.file("pytorch/" + name + ".pt2"));
    List<String> data = List.of(Examples.file("pytorch/" + name + "_input.npy").toString());
    QuantizationLoss loss =
        Diagnosis.ofQuantized(
            IntegerNetwork.of(model).model().program().entry(),
            Samples.readSource(data, model.inputs()),
            Rounding.SINGLE,
            SampleListener.NONE);
    assertThat(loss.outputSnrDb()).isGreaterThan(35);
    assertThat(loss.nodes()).allMatch(node -> node.snrDb() == null || node.snrDb() > 30);
    assertThat(loss.nodes()).allMatch(node -> node.clipped() < 0.001);
  }

  @ParameterizedTest
  @CsvSource({"lenet_qat, 0", "resnet8_ptq, 0", "ds_cnn_ptq, 1"})
  void aNetworkThatPytorchQuantisedIsOfInt8AndAgrees(String name, int inFloat) {
    ImportedModel model = ModelImporter.read(Examples.file("pytorch/" + name + ".pt2"));
    IntegerNetwork made = IntegerNetwork.of(model);
    Graph graph = made.model().program().entry();
    assertThat(made.inFloat()).hasSize(inFloat);
    assertThat(graph.nodes().stream().map(node -> node.op().kind()))
        .doesNotContain("transpose")
        .contains("conv2d", "fully_connected");
    FoldAgreement agreement = new FoldAgreement(model.program().entry(), graph, Rounding.SINGLE);
    Samples.readSource(
            List.of(Examples.file("pytorch/" + name + "_input.npy").toString()), model.inputs())
        .forEach(agreement::add);
    assertThat(agreement.nodeSteps()).as(agreement.text()).isLessThanOrEqualTo(1);
    assertThat(agreement.sameArgMax()).isEqualTo(1);
    assertThat(agreement.outputsWithin(0)).as(agreement.text()).isEqualTo(1);
  }

  @Test
  void biasesAreWholeForDoubleRounding() {
    ImportedModel model = ModelImporter.read(Examples.file("pytorch/lenet_qat.pt2"));
    assertThat(fractions(IntegerNetwork.of(model))).isEqualTo(5);
    assertThat(fractions(IntegerNetwork.of(model, Rounding.DOUBLE))).isZero();
  }

  private static long fractions(IntegerNetwork made) {
    return made.model().program().entry().constants().values().stream()
        .filter(data -> Bias.isFractional(data.type()))
        .count();
  }
}
