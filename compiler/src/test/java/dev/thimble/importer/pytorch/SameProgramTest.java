package dev.thimble.importer.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.op.FullyConnected;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Examples;
import dev.thimble.testing.TfliteWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Padding;

/** One network in several formats is one C program: only comments name what the files named. */
class SameProgramTest {
  private static Map<String, String> code(ImportedModel model) {
    Map<String, String> code = new TreeMap<>();
    Compiler.compile(model, CompileOptions.DEFAULTS.withName("network"), Stage.Listener.NONE)
        .program()
        .files()
        .forEach((file, text) -> {
          if (!file.endsWith(".txt")) {
            code.put(file, text.replaceAll("(?s)/\\*.*?\\*/", ""));
          }
        });
    return code;
  }

  @ParameterizedTest
  @CsvSource({"lenet, torchscript", "lenet, dynamo", "resnet8, torchscript", "resnet8, dynamo"})
  void onnxOfBothExportersGivesTheCodeOfTheArchive(String name, String exporter) {
    ImportedModel onnx =
        ModelImporter.read(
            Examples.file("pytorch/" + name + "_" + exporter + ".onnx"),
            new ImportOptions(Map.of(), Optional.of(Examples.file("pytorch/" + name + ".pt2"))));
    ImportedModel archive = ModelImporter.read(Examples.file("pytorch/" + name + ".pt2"));
    assertThat(code(onnx)).isEqualTo(code(archive));
  }

  @Test
  void tfliteGivesTheCodeOfTheArchive() {
    ImportedModel archive = ModelImporter.read(Examples.file("pytorch/lenet.pt2"));
    ImportedModel tflite = ModelImporter.read("lenet.tflite", tflite(archive.program().entry()));
    assertThat(code(tflite)).isEqualTo(code(archive));
  }

  /** LeNet as TensorFlow has it: activations belong to the nodes, and padding has a name. */
  private static byte[] tflite(Graph graph) {
    List<Node> filtered =
        graph.nodes().stream()
            .filter(node -> node.inputs().size() == 3 && graph.isConstant(node.inputs().get(1)))
            .toList();
    TfliteWriter writer = new TfliteWriter().float32("image", 1, 28, 28, 1).input("image");
    for (int i = 0; i < filtered.size(); i++) {
      for (int j = 1; j <= 2; j++) {
        Tensor data = graph.constant(filtered.get(i).inputs().get(j)).orElseThrow();
        String name = (j == 1 ? "w" : "b") + i;
        writer.float32(name, data.shape().dims()).data(name, data.floats());
      }
    }
    writer
        .float32("c0", 1, 28, 28, 6)
        .conv2d("image", "w0", "b0", "c0", 1, Padding.SAME, ActivationFunctionType.RELU)
        .float32("p0", 1, 14, 14, 6)
        .pool(BuiltinOperator.MAX_POOL_2D, "c0", "p0", 2, 2, Padding.VALID)
        .float32("c1", 1, 10, 10, 16)
        .conv2d("p0", "w1", "b1", "c1", 1, Padding.VALID, ActivationFunctionType.RELU)
        .float32("p1", 1, 5, 5, 16)
        .pool(BuiltinOperator.MAX_POOL_2D, "c1", "p1", 2, 2, Padding.VALID);
    String input = "p1";
    for (int i = 2; i < filtered.size(); i++) {
      Shape shape = filtered.get(i).output().type().shape();
      byte act = i == 4 ? ActivationFunctionType.NONE : ActivationFunctionType.RELU;
      assertThat(filtered.get(i).op()).isInstanceOf(FullyConnected.class);
      writer
          .float32("f" + i, shape.dims())
          .fullyConnected(input, "w" + i, "b" + i, "f" + i, false, act);
      input = "f" + i;
    }
    return writer.output(input).bytes();
  }
}
