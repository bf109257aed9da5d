package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes of the network SEANet, int16 activations by int8 filters, with the outputs that TensorFlow
 * Lite Micro's tests hold for them. Double rounding.
 */
class SeanetTest {
  @ParameterizedTest
  @ValueSource(strings = {"conv", "transpose_conv", "quantize", "pad", "strided_slice"})
  void nodesEqualTheRecordedOutputs(String operator) throws IOException {
    Path folder = Shared.require("cases/08_kernel_vectors/seanet/" + operator);
    List<Path> models;
    try (Stream<Path> files = Files.list(folder)) {
      models = files.filter(file -> file.toString().endsWith(".tflite")).sorted().toList();
    }
    assertThat(models).isNotEmpty();
    for (Path model : models) {
      String stem = model.getFileName().toString().replace(".tflite", "");
      Graph graph = ModelImporter.read(model).program().entry();
      List<Tensor> inputs = new ArrayList<>();
      for (Value input : graph.inputs()) {
        String dtype = input.type().dtype().name().toLowerCase(Locale.ROOT);
        long[] numbers = numbers(folder, stem + "_input" + inputs.size() + "_" + dtype);
        inputs.add(Tensor.ofLongs(input.type(), numbers));
      }
      List<Tensor> outputs = Evaluator.outputs(graph, inputs, Rounding.DOUBLE);
      String dtype = outputs.getFirst().type().dtype().name().toLowerCase(Locale.ROOT);
      assertThat(outputs.getFirst().longs())
          .as(stem)
          .containsExactly(numbers(folder, stem + "_golden_" + dtype));
    }
  }

  private static long[] numbers(Path folder, String file) {
    try {
      String text = Files.readString(folder.resolve(file + ".csv"));
      return Arrays.stream(text.strip().split("[,\\s]+")).mapToLong(Long::parseLong).toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
