package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.data.Labels;
import dev.thimble.importer.data.Samples;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Strategy;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The networks and data of {@code examples/}: what their README says, and the arena they need. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("thimble.root"), "examples");

  /** A network, the test samples that it gets right, and its arena when pooling is fused. */
  enum Example {
    LENET5_INT8("digits", "lenet5_int8", 317, 2_200),
    LENET5_FLOAT("digits", "lenet5_float", 317, 8_800),
    CIFAR_NET_INT8("cifar_net", "cifar_net_int8", 48, 11_264),
    CIFAR_NET_FLOAT("cifar_net", "cifar_net_float", 47, 4 * 11_264);

    private final String folder;
    private final String file;
    private final int right;
    private final long arenaBytes;

    Example(String folder, String file, int right, long arenaBytes) {
      this.folder = folder;
      this.file = file;
      this.right = right;
      this.arenaBytes = arenaBytes;
    }

    Compilation compile() {
      return WrittenProgram.compile(
          EXAMPLES.resolve(folder).resolve(file + ".tflite"),
          CompileOptions.DEFAULTS.withMemory(Strategy.FUSED_POOL));
    }

    /** The committed samples are in the int8 network's type; the float network's are q / 255. */
    List<List<Tensor>> samples(Graph graph) {
      Path images = EXAMPLES.resolve(folder).resolve("test_images.npy");
      if (!graph.inputs().getFirst().type().isFloat()) {
        return Samples.read(List.of(images.toString()), graph.inputs());
      }
      Graph int8 =
          WrittenProgram.compile(
                  EXAMPLES.resolve(folder).resolve(file.replace("float", "int8") + ".tflite"),
                  CompileOptions.DEFAULTS)
              .imported();
      List<List<Tensor>> samples = new ArrayList<>();
      for (List<Tensor> sample : Samples.read(List.of(images.toString()), int8.inputs())) {
        int[] stored = sample.getFirst().ints();
        float[] real = new float[stored.length];
        for (int i = 0; i < real.length; i++) {
          real[i] = (stored[i] + 128) / 255f;
        }
        samples.add(List.of(Tensor.ofFloats(graph.inputs().getFirst().type(), real)));
      }
      return samples;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theReferenceIsAsAccurateAsTheReadmeSays(Example example) {
    Graph graph = example.compile().imported();
    List<Integer> labels = Labels.read(EXAMPLES.resolve(example.folder).resolve("test_labels.npy"));
    List<List<Tensor>> samples = example.samples(graph);
    assertThat(samples).hasSameSizeAs(labels);
    int right = 0;
    for (int i = 0; i < samples.size(); i++) {
      Tensor scores = Evaluator.outputs(graph, samples.get(i), Rounding.DOUBLE).getFirst();
      right += largest(scores) == labels.get(i) ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(example.right);
  }

  /** The index of the largest element; of equal ones the first. */
  private static int largest(Tensor scores) {
    int best = 0;
    for (int i = 1; i < scores.type().elements(); i++) {
      boolean larger =
          scores.type().isFloat()
              ? scores.floats()[i] > scores.floats()[best]
              : scores.ints()[i] > scores.ints()[best];
      best = larger ? i : best;
    }
    return best;
  }

  @ParameterizedTest
  @EnumSource
  void theCodeEqualsTheNetworkForEverySample(Example example) throws IOException {
    Compilation compilation = example.compile();
    List<List<Tensor>> samples = example.samples(compilation.imported());
    try (WrittenProgram program = WrittenProgram.of(compilation)) {
      program.assertEqual(samples, false, Target.PORTABLE);
      program.assertEqual(samples.subList(0, 2), false, Target.CORTEX_M4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void fusedPoolingKeepsTheArenaSmall(Example example) {
    assertThat(example.compile().plan().arenaBytes()).isLessThanOrEqualTo(example.arenaBytes);
  }
}
