package dev.thimble.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.ModelImporter;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Shared;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Models that others saved with Keras 1.1 to 2.10, against outputs that they recorded. */
class KerasCasesTest {
  private static final String INPUTS_AND_OUTPUTS = "_inputs_and_outputs.h5";

  /** Models in both formats; both take the same input. */
  private static final Map<String, String> TWINS =
      new TreeMap<>(
          Map.of(
              "01_mlperf_tiny/ic/pretrainedResnet.h5",
              "01_mlperf_tiny/ic/pretrainedResnet_float.tflite",
              "05_keras/tinymaix/mnist_valid.h5",
              "02_tflite/tinymaix/mnist_valid_f.tflite",
              "05_keras/tinymaix/mnist_dw.h5",
              "02_tflite/tinymaix/mnist_dw_f.tflite",
              "05_keras/tinymaix/mnist_resnet.h5",
              "02_tflite/tinymaix/mnist_resnet_f.tflite"));

  @TestFactory
  Stream<DynamicTest> recordedOutputsAreReproduced() throws IOException {
    Path folder = Shared.require("cases/05_keras");
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(INPUTS_AND_OUTPUTS))
          .sorted()
          .toList()
          .stream()
          .map(file -> dynamicTest(folder.relativize(file).toString(), () -> reproduce(file)));
    }
  }

  private static void reproduce(Path golden) {
    String stem =
        golden.toString().substring(0, golden.toString().length() - INPUTS_AND_OUTPUTS.length());
    ImportedModel model = ModelImporter.read(Path.of(stem + "_model.h5"));
    Graph graph = model.program().entry();
    IoInfo in = model.inputs().getFirst();
    IoInfo out = model.outputs().getFirst();
    TensorType type = TensorType.of(DType.FLOAT32, in.sourceShape());
    try (HdfFile file = new HdfFile(golden)) {
      float[] input = only(file, "inputs");
      float[] expected = only(file, "predictions");
      List<Float> got = new ArrayList<>();
      for (int from = 0; from < input.length; from += type.elements()) {
        float[] slice = Arrays.copyOfRange(input, from, from + type.elements());
        Tensor sample = in.ofSource(Tensor.ofFloats(type, slice));
        Tensor result = Evaluator.outputs(graph, List.of(sample), Rounding.DOUBLE).getFirst();
        for (float number : out.toSource(result).floats()) {
          got.add(number);
        }
      }
      assertClose(got, expected, 1e-5f);
    }
  }

  private static float[] only(HdfFile file, String group) {
    Group found = (Group) file.getChild(group);
    Dataset dataset = (Dataset) found.getChildren().values().iterator().next();
    return (float[]) dataset.getDataFlat();
  }

  private static void assertClose(List<Float> got, float[] expected, float tolerance) {
    assertThat(got).hasSize(expected.length);
    float largest = 0;
    float error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(expected[i] - got.get(i)));
    }
    assertThat(error).isLessThanOrEqualTo(tolerance * largest);
  }

  @TestFactory
  Stream<DynamicTest> theTfliteFileOfTheSameNetworkGivesTheSame() {
    return TWINS.entrySet().stream()
        .map(twin ->
            dynamicTest(
                twin.getKey(),
                () ->
                    compare(
                        Shared.require("cases/" + twin.getKey()),
                        Shared.require("cases/" + twin.getValue()))));
  }

  private static void compare(Path keras, Path tflite) {
    Graph graph = ModelImporter.read(keras).program().entry();
    Graph twin = ModelImporter.read(tflite).program().entry();
    Random random = new Random(5);
    for (int sample = 0; sample < 2; sample++) {
      TensorType type = graph.inputs().getFirst().type();
      float[] pixels = new float[type.elements()];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = random.nextFloat();
      }
      Tensor input = Tensor.ofFloats(type, pixels);
      float[] expected =
          Evaluator.outputs(
                  twin, List.of(input.as(twin.inputs().getFirst().type())), Rounding.DOUBLE)
              .getFirst()
              .floats();
      float[] got = Evaluator.outputs(graph, List.of(input), Rounding.DOUBLE).getFirst().floats();
      List<Float> boxed = new ArrayList<>();
      for (float number : got) {
        boxed.add(number);
      }
      assertClose(boxed, expected, 1e-4f);
    }
  }
}
