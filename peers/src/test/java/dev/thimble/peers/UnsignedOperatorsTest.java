package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.testing.TfliteSamples;
import dev.thimble.testing.TfliteWriter;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.ModelT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;

/**
 * Operators of quantised uint8 compute what TensorFlow Lite does. The models are those of int8,
 * with all numbers and zero points moved by 128.
 */
class UnsignedOperatorsTest {
  private static final int MOVED = 128;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BATCH_TO_SPACE_ND",
        "CONCATENATION",
        "EQUAL",
        "GATHER",
        "GATHER_ND",
        "GREATER",
        "GREATER_EQUAL",
        "HARD_SWISH",
        "LEAKY_RELU",
        "LESS",
        "LESS_EQUAL",
        "MAXIMUM",
        "MEAN",
        "MINIMUM",
        "MIRROR_PAD",
        "NOT_EQUAL",
        "PADV2",
        "PRELU",
        "REDUCE_MAX",
        "REDUCE_MIN",
        "RELU",
        "RELU6",
        "RELU_N1_TO_1",
        "RESIZE_NEAREST_NEIGHBOR",
        "SELECT_V2",
        "SPACE_TO_BATCH_ND",
        "SUB",
        "SUM",
        "TANH",
        "TILE",
        "TOPK_V2"
      })
  void ofUnsignedElementsAreEqual(String name) throws Exception {
    compare(name, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADD",
        "EQUAL",
        "GREATER",
        "HARD_SWISH",
        "LEAKY_RELU",
        "LESS",
        "MEAN",
        "MUL",
        "PRELU",
        "RELU",
        "RELU6",
        "RELU_N1_TO_1",
        "SUB",
        "SUM"
      })
  void ofSeveralScalesAreEqual(String name) throws Exception {
    compare(name, true);
  }

  private void compare(String name, boolean rescaled) throws Exception {
    Field code = BuiltinOperator.class.getField(name);
    Map<Integer, TfliteWriter> models = TfliteSamples.models(false);
    TfliteWriter writer = models.get(code.getInt(null));
    assertThat(writer).isNotNull();
    Path model = folder.resolve(name + ".tflite");
    Files.write(model, writer.edit(file -> moved(file, rescaled)).bytes());

    Graph graph = ModelImporter.read(model).program().entry();
    assertThat(graph.inputs().getFirst().type().dtype()).isEqualTo(DType.UINT8);
    for (int seed = 1; seed <= 3; seed++) {
      List<Tensor> inputs = Seeds.sample(seed, graph.inputs());
      List<Tensor> outputs = Evaluator.outputs(graph, inputs, Rounding.DOUBLE);
      try (TfLite interpreter = TfLite.builtin(model)) {
        interpreter.inputs(inputs.stream().map(TensorBytes::of).toList());
        interpreter.run();
        assertThat(TensorBytes.of(outputs.getFirst()))
            .containsExactly(interpreter.outputs().getFirst());
      }
    }
  }

  /** Makes all int8 tensors of one scale uint8 tensors, of other scales where that is asked for. */
  private static void moved(ModelT model, boolean rescaled) {
    for (SubGraphT graph : model.getSubgraphs()) {
      for (TensorT tensor : graph.getTensors()) {
        boolean quantized =
            tensor.getType() == TensorType.INT8
                && tensor.getQuantization() != null
                && tensor.getQuantization().getScale().length == 1;
        if (quantized) {
          tensor.setType(TensorType.UINT8);
          tensor.getQuantization().getZeroPoint()[0] += MOVED;
          if (rescaled && !tensor.getName().equals("in")) {
            tensor.getQuantization().getScale()[0] *=
                tensor.getName().equals("out") ? 1.37f : 0.61f;
            tensor.getQuantization().getZeroPoint()[0] -= 40;
          }
          int[] data = model.getBuffers()[Math.toIntExact(tensor.getBuffer())].getData();
          for (int i = 0; data != null && i < data.length; i++) {
            data[i] ^= MOVED;
          }
        }
      }
    }
  }
}
