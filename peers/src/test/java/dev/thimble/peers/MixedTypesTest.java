package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.Shared;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of other types than float32 or int8 throughout compute what TensorFlow Lite does. */
class MixedTypesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cases/02_tflite/coral/mobilenet_v1_0.25_128_quant.tflite",
        "cases/08_kernel_vectors/seanet/conv/conv2.tflite"
      })
  void integersAreEqual(String file) throws Exception {
    Path model = Shared.require(file);
    Graph graph = ModelImporter.read(model).program().entry();
    List<Tensor> inputs = Seeds.sample(1, graph.inputs());
    List<Tensor> outputs = Evaluator.outputs(graph, inputs, Rounding.DOUBLE);
    assertThat(TensorBytes.of(outputs.getFirst())).containsExactly(recorded(model, inputs));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cases/01_mlperf_tiny/kws/kws_ref_model_float32.tflite",
        "cases/02_tflite/mlonmcu/catdog/CNN_2L_model_quantized.tflite"
      })
  void floatsQuantisedAtRunTimeAreClose(String file) throws Exception {
    Path model = Shared.require(file);
    Graph graph = ModelImporter.read(model).program().entry();
    List<Tensor> inputs = Seeds.sample(1, graph.inputs());
    float[] results = Evaluator.outputs(graph, inputs, Rounding.DOUBLE).getFirst().floats();
    float[] expected = new float[results.length];
    ByteBuffer.wrap(recorded(model, inputs))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(expected);
    assertThat(results).containsExactly(expected, Offset.offset(1e-5f));
  }

  private static byte[] recorded(Path model, List<Tensor> inputs) {
    try (TfLite interpreter = TfLite.builtin(model)) {
      interpreter.inputs(inputs.stream().map(TensorBytes::of).toList());
      interpreter.run();
      return interpreter.outputs().getFirst();
    }
  }
}
