package dev.thimble;

import static dev.thimble.testing.OnnxWriter.integer;
import static dev.thimble.testing.OnnxWriter.ints;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Conv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Op;
import dev.thimble.op.Rounding;
import dev.thimble.testing.FoldAgreement;
import dev.thimble.testing.OnnxWriter;
import dev.thimble.testing.QuantizedOnnx;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MatMulInteger and ConvInteger become int8 nodes where their operands' scales are known. */
class IntegerSumsTest {
  private static final int FLOAT = DataType.FLOAT_VALUE;

  private static IntegerNetwork made(OnnxWriter writer) {
    return IntegerNetwork.of(ModelImporter.read("net.onnx", writer.bytes()));
  }

  private static List<Class<? extends Op>> ops(IntegerNetwork network) {
    List<Class<? extends Op>> ops = new ArrayList<>();
    network.model().program().entry().nodes().forEach(node -> ops.add(node.op().getClass()));
    return ops;
  }

  /** x, quantised by a known scale, in a sum that is scaled and shifted; the result's name. */
  private static String sum(QuantizedOnnx net, boolean convolves, boolean perColumn) {
    OnnxWriter writer = net.writer();
    List<String> in = net.quantity(0.01f, 120);
    writer.node("QuantizeLinear", List.of("x", in.get(0), in.get(1)), "q");
    List<Long> one = perColumn ? List.of(5L) : List.of();
    int[] zeros = new int[perColumn ? 5 : 1];
    List<Long> shape = convolves ? List.of(5L, 3L, 3L, 3L) : List.of(6L, 5L);
    writer.stored("w", DataType.INT8, shape, net.integers(convolves ? 135 : 30, -127, 127));
    writer.stored("wz", DataType.INT8, one, zeros);
    List<String> operands = List.of("q", "w", in.get(1), "wz");
    if (convolves) {
      writer.node("ConvInteger", operands, "sum", ints("pads", 1, 1, 1, 1));
      writer.numbers("factor", List.of(1L, 1L, 1L, 1L), 0.01f * 0.004f);
      writer.floats("bias", 1, 5, 1, 1);
    } else {
      writer.node("MatMulInteger", operands, "sum");
      writer.numbers("factor", List.of(5L), 4e-5f, 3e-5f, 1e-5f, 7e-5f, 9e-5f);
      writer.floats("bias", 5);
    }
    writer.node("Cast", List.of("sum"), "real", integer("to", FLOAT));
    writer.node("Mul", List.of("real", "factor"), "scaled");
    writer.node("Add", List.of("scaled", "bias"), "shifted");
    writer.node("Relu", List.of("shifted"), "relu");
    return "relu";
  }

  private static QuantizedOnnx net(boolean convolves) {
    QuantizedOnnx net = new QuantizedOnnx(new Random(4), true);
    net.writer().input("x", convolves ? new long[] {1, 3, 6, 6} : new long[] {3, 6});
    return net;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sumsBetweenKnownScalesBecomeOneNode(boolean convolves) {
    for (boolean perColumn : List.of(false, !convolves)) {
      QuantizedOnnx net = net(convolves);
      OnnxWriter writer = net.writer();
      writer.output(net.quantized(sum(net, convolves, perColumn), 1));
      ImportedModel model = ModelImporter.read("net.onnx", writer.bytes());
      IntegerNetwork made = IntegerNetwork.of(model);
      assertThat(made.inFloat()).isEmpty();
      assertThat(ops(made)).contains(convolves ? Conv2d.class : FullyConnected.class);
      Graph graph = made.model().program().entry();
      assertThat(graph.nodes())
          .filteredOn(node -> node.output().type().isFloat())
          .hasSizeLessThanOrEqualTo(1);
      FoldAgreement agreement = new FoldAgreement(model.program().entry(), graph, Rounding.SINGLE);
      for (int seed = 1; seed <= 3; seed++) {
        agreement.add(Seeds.sample(seed, model.program().entry().inputs()));
      }
      assertThat(agreement.nodeSteps()).as(agreement.text()).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sumsThatAreNotQuantisedStayAndAreNamed(boolean convolves) {
    QuantizedOnnx net = net(convolves);
    IntegerNetwork made = made(net.writer().output(sum(net, convolves, false)));
    assertThat(made.inFloat())
        .anySatisfy(each -> {
          assertThat(each.node()).isEqualTo("sum");
          assertThat(each.reason()).isEqualTo("what it gives is not quantised to 8 bits");
        });
  }

  @Test
  void sumsOfScalesThatARunFindsStayAndAreNamed() {
    OnnxWriter writer = new OnnxWriter().input("x", 3, 6);
    writer.node("DynamicQuantizeLinear", List.of("x"), List.of("q", "s", "z"));
    writer.stored("w", DataType.INT8, List.of(6L, 5L), new int[30]);
    writer.node("MatMulInteger", List.of("q", "w", "z"), "sum");
    writer.node("Cast", List.of("sum"), "real", integer("to", FLOAT));
    writer.node("Mul", List.of("real", "s"), "y");
    IntegerNetwork made = made(writer.output("y"));
    assertThat(made.inFloat())
        .singleElement()
        .satisfies(each -> {
          assertThat(each.node()).isEqualTo("sum");
          assertThat(each.op()).isEqualTo("mat_mul");
          assertThat(each.reason())
              .isEqualTo("the scale of what it takes is not known before a run");
        });
  }

  @Test
  void filtersWithoutAnInt8FormStayAsIntegers() {
    QuantizedOnnx net = net(false);
    OnnxWriter writer = net.writer();
    List<String> in = net.quantity(0.01f, 120);
    writer.node("QuantizeLinear", List.of("x", in.get(0), in.get(1)), "q");
    writer.stored("w", DataType.UINT8, List.of(6L, 5L), net.integers(30, 0, 255));
    writer.stored("wz", DataType.UINT8, List.of(), 77);
    writer.node("MatMulInteger", List.of("q", "w", in.get(1), "wz"), "sum");
    writer.node("Cast", List.of("sum"), "real", integer("to", FLOAT));
    writer.numbers("factor", List.of(), 4e-5f);
    writer.node("Mul", List.of("real", "factor"), "scaled");
    writer.output(net.quantized("scaled", 1));
    IntegerNetwork made = made(writer);
    assertThat(made.inFloat()).anySatisfy(each -> assertThat(each.node()).isEqualTo("sum"));
    assertThat(ops(made)).doesNotContain(FullyConnected.class);
  }
}
