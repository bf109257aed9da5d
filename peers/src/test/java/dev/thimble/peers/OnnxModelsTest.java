package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.thimble.graph.Evaluator;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.Shared;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The reference evaluation of published ONNX models computes what ONNX Runtime does. */
class OnnxModelsTest {
  private static final List<String> MODELS =
      List.of(
          "01_mlperf_tiny/ad/alibaba_model_ad.onnx",
          "01_mlperf_tiny/ic/pretrainedResnet_float.onnx",
          "01_mlperf_tiny/ic/resnet8_qdq.onnx",
          "01_mlperf_tiny/kws/alibaba_model_kws.onnx",
          "01_mlperf_tiny/kws/kws_ref_model_qdq.onnx",
          "03_onnx/burn/mnist.onnx",
          "03_onnx/burn/sine.onnx",
          "03_onnx/dtln/model_1.onnx",
          "03_onnx/espdl/streaming_tcn_model.onnx",
          "03_onnx/gap/mnist_gru.onnx",
          "03_onnx/mnist_8/model.onnx",
          "03_onnx/onnx2c/atmega_mnist.simplified.onnx",
          "03_onnx/onnx_mlir/mnist.onnx",
          "03_onnx/qonnx/espcn_nn_resize_float.onnx",
          "03_onnx/stm/mobilenet_v2_128_0.5.onnx",
          "03_onnx/tract/averagepool_count_include_pad/model.onnx",
          "03_onnx/tract/deconv_group/model.onnx",
          "03_onnx/tract/qrelu_1/model.onnx",
          "03_onnx/tract/qsigmoid_1/model.onnx",
          "03_onnx/tract/qtanh_1/model.onnx",
          "03_onnx/ultraface/version-slim-320.onnx",
          "03_onnx/ultraface/version-slim-320_simplified.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_fp32.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_qdq.onnx",
          "10_same_net_many_formats/micro_kws_m/micro_kws_m_static_quantized_dequant.onnx");

  @TestFactory
  Stream<DynamicTest> theOutputsAreThoseOfOnnxRuntime() {
    return MODELS.stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> compare(Shared.require("cases/" + name))));
  }

  private static void compare(Path file) {
    ImportedModel model = ModelImporter.read(file, new ImportOptions(Map.of()));
    List<Tensor> sample = Seeds.sampleSource(1, model.inputs());
    List<byte[]> given = new ArrayList<>();
    for (int i = 0; i < sample.size(); i++) {
      given.add(TensorBytes.of(model.inputs().get(i).toSource(sample.get(i))));
    }
    List<Tensor> outputs =
        Evaluator.outputs(model.program().entry(), sample, Rounding.DOUBLE);
    try (OnnxRuntime runtime = new OnnxRuntime(file, OptLevel.NO_OPT)) {
      runtime.inputs(given);
      runtime.run();
      for (int i = 0; i < outputs.size(); i++) {
        IoInfo info = model.outputs().get(i);
        assertClose(info.toSource(outputs.get(i)), runtime.outputs().get(i), info.value().name());
      }
    }
  }

  private static void assertClose(Tensor got, byte[] expected, String name) {
    if (!got.type().isFloat()) {
      assertThat(TensorBytes.of(got)).as(name).containsExactly(expected);
      return;
    }
    ByteBuffer floats = ByteBuffer.wrap(expected).order(ByteOrder.nativeOrder());
    assertThat(expected).as(name).hasSize(4 * got.type().elements());
    float largest = 0;
    float difference = 0;
    for (int i = 0; i < got.floats().length; i++) {
      float other = floats.getFloat(4 * i);
      largest = Math.max(largest, Math.abs(other));
      difference = Math.max(difference, Math.abs(got.floats()[i] - other));
    }
    assertThat(difference).as(name).isLessThanOrEqualTo(1e-5f * largest);
  }
}
