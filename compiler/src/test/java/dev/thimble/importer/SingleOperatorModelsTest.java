package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Float models of one operator each, with the outputs that TensorFlow Lite recorded for them. */
class SingleOperatorModelsTest {
  private static final String FOLDER = "cases/09_op_conformance/glow_tflite/";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add_broadcast",
        "avgpool2d_valid",
        "conv2d_relu",
        "conv2d_valid",
        "depthwise_conv2d_c1_m2",
        "depthwise_conv2d_c2_m2",
        "fully_connected",
        "maxpool2d_valid",
        "mean_multiple_axis_keep_dims",
        "mean_no_keep_dims",
        "mul_broadcast",
        "pad",
        "relu6",
        "reshape"
      })
  void evaluatesToTheRecordedOutputs(String name) throws IOException {
    Path model = Shared.require(FOLDER + name + ".tflite");
    Graph graph = ModelImporter.read(model).program().entry();
    List<Tensor> inputs = new ArrayList<>();
    for (Value input : graph.inputs()) {
      inputs.add(Tensor.ofFloats(input.type(), recorded(name + ".inp" + inputs.size())));
    }
    List<Tensor> outputs = Evaluator.outputs(graph, inputs, Rounding.DOUBLE);
    assertThat(outputs).hasSize(1);
    assertThat(outputs.getFirst().floats())
        .containsExactly(recorded(name + ".out0"), Offset.offset(1e-5f));
  }

  /** The floats of a file, after the byte that such files begin with. */
  private static float[] recorded(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(Shared.require(FOLDER + file));
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes, 1, bytes.length - 1)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(floats);
    return floats;
  }
}
