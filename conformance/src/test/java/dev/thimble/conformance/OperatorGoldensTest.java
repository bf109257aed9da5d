package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Value;
import dev.thimble.importer.data.Samples;
import dev.thimble.op.Rounding;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Small models of every operator, with what TFLite's reference kernels made of them; the folder
 * {@code conformance/goldens} has their README and the scripts that make them.
 */
class OperatorGoldensTest {
  private static final int VERIFIED_SAMPLES = 2;

  /**
   * These show the one operator in which TFLite's kernels and those of TFLite Micro, which are
   * followed here, differ (Q14): in one of the 256 stored numbers, by one step.
   */
  private static final Set<String> ONE_STEP_APART =
      Set.of("logistic_decisive", "logistic_decisive_small_scale");

  @TestFactory
  Stream<DynamicTest> theReferenceAndTheCodeMeetTheRecordedOutputs() throws Exception {
    List<Path> models;
    try (Stream<Path> files = Files.list(folder())) {
      models = files.filter(f -> f.toString().endsWith(".tflite")).sorted().toList();
    }
    assertThat(models).hasSizeGreaterThan(140);
    return models.stream().map(model -> DynamicTest.dynamicTest(name(model), () -> check(model)));
  }

  private static void check(Path model) throws IOException {
    Compilation compilation = WrittenProgram.compile(model, CompileOptions.DEFAULTS);
    List<List<Tensor>> samples = arrays(model, "input_", compilation.imported().inputs());
    List<List<Tensor>> expected = arrays(model, "output_", compilation.imported().outputs());
    assertThat(expected).hasSameSizeAs(samples).isNotEmpty();
    for (int i = 0; i < samples.size(); i++) {
      List<Tensor> got = Evaluator.outputs(compilation.imported(), samples.get(i), Rounding.DOUBLE);
      for (int j = 0; j < got.size(); j++) {
        if (ONE_STEP_APART.contains(name(model))) {
          assertOneStepApart(got.get(j).ints(), expected.get(i).get(j).ints());
        } else {
          assertSame(
              got.get(j), expected.get(i).get(j), name(model) + ", sample " + i + ", output " + j);
        }
      }
    }
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      List<List<Tensor>> few = samples.subList(0, Math.min(VERIFIED_SAMPLES, samples.size()));
      program.assertEqual(few, true, Target.PORTABLE);
    }
  }

  /** One array for each value, whose axis 0 counts samples. */
  private static List<List<Tensor>> arrays(Path model, String kind, List<Value> values) {
    List<String> data = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Path array = model.resolveSibling(name(model) + "." + kind + i + ".npy");
      data.add(values.get(i).name() + "=" + array);
    }
    return Samples.read(data, values);
  }

  private static void assertSame(Tensor got, Tensor expected, String what) {
    if (!got.type().isFloat()) {
      assertThat(got.ints()).as(what).containsExactly(expected.ints());
      return;
    }
    float largest = 0;
    for (float value : expected.floats()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(got.floats())
        .as(what)
        .containsExactly(expected.floats(), within(Math.max(1e-5f * largest, Float.MIN_VALUE)));
  }

  private static void assertOneStepApart(int[] got, int[] expected) {
    int steps = 0;
    for (int i = 0; i < got.length; i++) {
      steps += Math.abs(got[i] - expected[i]);
    }
    assertThat(got).hasSameSizeAs(expected);
    assertThat(steps).isEqualTo(1);
  }

  private static String name(Path model) {
    return model.getFileName().toString().replace(".tflite", "");
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(OperatorGoldensTest.class.getResource("/goldens")).toURI());
  }
}
