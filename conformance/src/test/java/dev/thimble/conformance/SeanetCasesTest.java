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
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The int16 operators of a network for sound, each a model of its own with the outputs that TFLite
 * Micro's tests expect, in the reference and in C.
 */
class SeanetCasesTest {
  private static final String FOLDER = "cases/08_kernel_vectors/seanet";

  private static final List<String> OPERATORS =
      List.of(
          "add", "conv", "leaky_relu", "pad", "quantize", "strided_slice", "sub", "transpose_conv");

  @TestFactory
  Stream<DynamicTest> theRecordedOutputIsMetByReferenceAndCode() throws IOException {
    List<Path> models = new ArrayList<>();
    for (String operator : OPERATORS) {
      try (Stream<Path> files = Files.list(Shared.require(FOLDER + "/" + operator))) {
        models.addAll(files.filter(f -> f.toString().endsWith(".tflite")).sorted().toList());
      }
    }
    assertThat(models).hasSizeGreaterThan(50);
    return models.stream().map(model -> DynamicTest.dynamicTest(name(model), () -> check(model)));
  }

  private static void check(Path model) throws IOException {
    Compilation compilation = WrittenProgram.compile(model, CompileOptions.DEFAULTS);
    List<Tensor> sample = new ArrayList<>();
    for (Value input : compilation.imported().inputs()) {
      String type = input.type().dtype().name().toLowerCase(Locale.ROOT);
      sample.add(read(model, "_input" + sample.size() + "_" + type + ".csv", input.type()));
    }
    Tensor got = Evaluator.outputs(compilation.imported(), sample, Rounding.DOUBLE).getFirst();
    Tensor expected = read(model, "_golden_int16.csv", got.type());
    assertThat(got.ints()).as(name(model)).containsExactly(expected.ints());
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(List.of(sample), true, Target.PORTABLE);
    }
  }

  private static Tensor read(Path model, String suffix, TensorType type) throws IOException {
    String text = Files.readString(model.resolveSibling(name(model) + suffix)).strip();
    int[] values = Arrays.stream(text.split("[,\\s]+")).mapToInt(Integer::parseInt).toArray();
    return Tensor.ofInts(type, values);
  }

  private static String name(Path model) {
    return model.getFileName().toString().replace(".tflite", "");
  }
}
