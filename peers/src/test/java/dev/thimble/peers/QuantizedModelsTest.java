package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.thimble.IntegerNetwork;
import dev.thimble.graph.Evaluator;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.FoldAgreement;
import dev.thimble.testing.Shared;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Networks that are quantised in their files: as floats they compute what ONNX Runtime does, number
 * for number, and as integers each node is at most one step off.
 */
class QuantizedModelsTest {
  private static final int SAMPLES = 4;

  private static final List<String> MODELS =
      List.of(
          "01_mlperf_tiny/ic/resnet8_qdq.onnx",
          "01_mlperf_tiny/kws/kws_ref_model_qdq.onnx",
          "03_onnx/tract/qrelu_1/model.onnx",
          "03_onnx/tract/qsigmoid_1/model.onnx",
          "03_onnx/tract/qtanh_1/model.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_qdq.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_qoperator.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_qoperator_emx.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_qoperator_emx123.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_qoperator_tvm.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_quantized_dequant.onnx");

  @TestFactory
  Stream<DynamicTest> floatsAreThoseOfOnnxRuntime() {
    return MODELS.stream()
        .map(name ->
            DynamicTest.dynamicTest(name, () -> compareFloats(Shared.require("cases/" + name))));
  }

  private static void compareFloats(Path file) {
    ImportedModel model = ModelImporter.read(file, ImportOptions.DEFAULTS.withRoundsFloats(true));
    assertThat(IntegerNetwork.of(model).model()).isSameAs(model);
    try (OnnxRuntime runtime = new OnnxRuntime(file, OptLevel.NO_OPT)) {
      for (int seed = 1; seed <= SAMPLES; seed++) {
        List<Tensor> sample = Seeds.sampleSource(seed, model.inputs());
        List<byte[]> given = new ArrayList<>();
        for (int i = 0; i < sample.size(); i++) {
          given.add(TensorBytes.of(model.inputs().get(i).toSource(sample.get(i))));
        }
        runtime.inputs(given);
        runtime.run();
        List<Tensor> outputs = Evaluator.outputs(model.program().entry(), sample, Rounding.DOUBLE);
        for (int i = 0; i < outputs.size(); i++) {
          IoInfo info = model.outputs().get(i);
          assertSame(info.toSource(outputs.get(i)), runtime.outputs().get(i));
        }
      }
    }
  }

  /** Integers are equal; floats of a softmax behind them as far as its exponentials are. */
  private static void assertSame(Tensor got, byte[] expected) {
    if (!got.type().isFloat()) {
      assertThat(TensorBytes.of(got)).containsExactly(expected);
      return;
    }
    ByteBuffer floats = ByteBuffer.wrap(expected).order(ByteOrder.nativeOrder());
    for (int i = 0; i < got.floats().length; i++) {
      float other = floats.getFloat(4 * i);
      assertThat(Math.abs(got.floats()[i] - other)).isLessThanOrEqualTo(1e-6f);
    }
  }

  @TestFactory
  Stream<DynamicTest> integersAreWithinAStepOfTheFloats() {
    return Stream.concat(MODELS.stream(), Stream.of("03_onnx/qonnx/espcn_nn_resize_quant.onnx"))
        .map(name ->
            DynamicTest.dynamicTest(name, () -> compareIntegers(Shared.require("cases/" + name))));
  }

  private static void compareIntegers(Path file) {
    ImportedModel model = ModelImporter.read(file);
    ImportedModel integers = IntegerNetwork.of(model).model();
    FoldAgreement agreement =
        new FoldAgreement(model.program().entry(), integers.program().entry(), Rounding.SINGLE);
    int samples = file.getFileName().toString().startsWith("espcn") ? 1 : SAMPLES;
    for (int seed = 1; seed <= samples; seed++) {
      agreement.add(Seeds.sample(seed, model.program().entry().inputs()));
    }
    assertThat(agreement.nodeSteps()).as(agreement.text()).isLessThanOrEqualTo(1);
    assertThat(agreement.sameArgMax()).as(agreement.text()).isEqualTo(1);
  }
}
