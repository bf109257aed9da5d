package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Nodes of a speech network with int16 activations, with the integers that TensorFlow Lite Micro's
 * tests demand of them.
 */
class SeanetCasesTest {
  private static final String FOLDER = "cases/08_kernel_vectors/seanet/";

  @TestFactory
  Stream<DynamicTest> theRecordedIntegersAreMetByReferenceAndCode() throws IOException {
    List<Path> models = new ArrayList<>();
    for (String folder : List.of("add", "leaky_relu", "sub")) {
      try (Stream<Path> files = Files.list(Shared.require(FOLDER + folder))) {
        files.filter(file -> file.toString().endsWith(".tflite")).sorted().forEach(models::add);
      }
    }
    return models.stream().map(model -> DynamicTest.dynamicTest(name(model), () -> check(model)));
  }

  private static String name(Path model) {
    return model.getFileName().toString().replace(".tflite", "");
  }

  private static void check(Path model) throws IOException {
    Compilation compilation = WrittenProgram.compile(model, CompileOptions.DEFAULTS);
    List<Tensor> sample = new ArrayList<>();
    for (Value input : compilation.imported().inputs()) {
      String file = "_input" + sample.size() + "_int16.csv";
      sample.add(read(model.resolveSibling(name(model) + file), input.type()));
    }
    Tensor output = Evaluator.outputs(compilation.imported(), sample, Rounding.DOUBLE).getFirst();
    Tensor golden = read(model.resolveSibling(name(model) + "_golden_int16.csv"), output.type());
    assertThat(output.ints()).containsExactly(golden.ints());
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(List.of(sample), true, Target.PORTABLE);
    }
  }

  private static Tensor read(Path file, TensorType type) throws IOException {
    String text = Files.readString(file).strip();
    return Tensor.ofInts(
        type, Arrays.stream(text.split("[,\\s]+")).mapToInt(Integer::parseInt).toArray());
  }
}
