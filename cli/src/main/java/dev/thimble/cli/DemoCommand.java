package dev.thimble.cli;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Labels;
import dev.thimble.importer.data.Samples;
import dev.thimble.op.ArgMax;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Preference;
import dev.thimble.target.Target;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.toolchain.Profile;
import dev.thimble.toolchain.Profiler;
import dev.thimble.toolchain.Simulated;
import dev.thimble.toolchain.ToolException;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: the main job on the example that comes with Thimble. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Compiles, verifies and runs the digit recogniser of examples/digits.")
final class DemoCommand implements Callable<Integer> {
  private static final int SIMULATED_SAMPLES = 3;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write the C (default: out/digits).")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Path example = examples().resolve("digits");
    Path model = example.resolve("lenet5_int8.tflite");
    Compilation compilation =
        Compiler.compile(
            ModelImporter.read(model),
            CompileOptions.DEFAULTS.withName("digits").withPrefer(Preference.RAM),
            Stage.Listener.NONE);
    Path folder = out != null ? out : Path.of("out", "digits");
    System.out.println("A LeNet-5 that reads digits, int8, 32x32 pixels.\n");
    FigureText.print(
        System.out, Programs.write(compilation, model, folder, new QuantizeArguments()));
    System.out.println("C written to " + folder + "\n");

    Graph graph = compilation.reference();
    List<List<Tensor>> samples =
        Samples.read(List.of(example.resolve("test_images.npy").toString()), graph.inputs());
    List<Integer> labels = Labels.read(example.resolve("test_labels.npy"));
    List<Integer> answers = answers(graph, samples);
    Graph floats = ModelImporter.read(example.resolve("lenet5_float.tflite")).program().entry();
    System.out.printf(
        Locale.ROOT,
        "accuracy on %d held-back digits: %s float, %s int8 (reference evaluation)%n",
        samples.size(),
        percent(answers(floats, dequantized(samples, floats)), labels),
        percent(answers, labels));
    showDigit(samples.get(0).getFirst(), answers.get(0), labels.get(0));
    return prove(compilation, folder, samples);
  }

  private static int prove(Compilation compilation, Path folder, List<List<Tensor>> samples)
      throws IOException {
    try {
      Verification host = verify(compilation, folder, samples, Target.PORTABLE);
      if (!host.equal()) {
        System.out.println("the C DIFFERS from the network on this machine");
        return ExitCode.CHECK_FAILED;
      }
      System.out.printf(
          Locale.ROOT,
          "verified on this machine: the C equals the network in all %,d values of %d digits%n",
          host.valuesCompared(),
          samples.size());
    } catch (ToolException e) {
      System.out.println("The C is written, but cannot be built here to be verified.");
      throw e;
    }
    if (Simulated.tools(Target.CORTEX_M4).stream().anyMatch(tool -> tool.find().isEmpty())) {
      System.out.println("not simulated on a Cortex-M4: `thimble doctor` says what is missing");
      return ExitCode.DONE;
    }
    List<List<Tensor>> few = samples.subList(0, Math.min(SIMULATED_SAMPLES, samples.size()));
    boolean equal = verify(compilation, folder, few, Target.CORTEX_M4).equal();
    Profile profile =
        new Profiler(
                compilation.subject(folder),
                samples.getFirst(),
                compilation.options().prefer().small())
            .run(Target.CORTEX_M4);
    System.out.printf(
        Locale.ROOT,
        "%s on a simulated Cortex-M4: %,d instructions a digit, %,d bytes of code, stack %,d%n",
        equal ? "verified" : "DIFFERS",
        profile.total().instructions(),
        profile.codeBytes(),
        profile.stackBytes());
    return equal ? ExitCode.DONE : ExitCode.CHECK_FAILED;
  }

  private static Verification verify(
      Compilation compilation, Path folder, List<List<Tensor>> samples, Target target)
      throws IOException {
    try (Progress progress = Progress.of("verifying", samples.size())) {
      return new Verifier(
              compilation.subject(folder), samples, compilation.options().prefer().small(), false)
          .run(List.of(target), sample -> progress.step());
    }
  }

  private static List<Integer> answers(Graph graph, List<List<Tensor>> samples) {
    List<Integer> answers = new ArrayList<>();
    try (Progress progress = Progress.of("running", samples.size())) {
      for (List<Tensor> sample : samples) {
        Tensor scores = Evaluator.outputs(graph, sample, Rounding.DOUBLE).getFirst();
        TensorType type = TensorType.of(DType.INT32, Shape.of(1));
        Tensor best = new ArgMax().evaluate(List.of(scores), type, Rounding.DOUBLE);
        answers.add(best.ints()[0]);
        progress.step();
      }
    }
    return answers;
  }

  /** The samples as the float network takes them: real numbers instead of stored ones. */
  private static List<List<Tensor>> dequantized(List<List<Tensor>> samples, Graph floats) {
    TensorType type = floats.inputs().getFirst().type();
    return samples.stream()
        .map(sample -> new Dequantize().evaluate(sample, type, Rounding.DOUBLE))
        .map(List::of)
        .toList();
  }

  private static String percent(List<Integer> answers, List<Integer> labels) {
    int right = 0;
    for (int i = 0; i < answers.size(); i++) {
      right += answers.get(i).equals(labels.get(i)) ? 1 : 0;
    }
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * right / answers.size());
  }

  /** Draws the picture in characters, two pixel rows a line: a terminal's cells are tall. */
  private static void showDigit(Tensor image, int answer, int label) {
    String shades = " .:-=+*#%@";
    int height = image.shape().dim(1);
    int width = image.shape().dim(2);
    int min = image.type().dtype().minValue();
    for (int y = 0; y + 1 < height; y += 2) {
      StringBuilder line = new StringBuilder("  ");
      for (int x = 0; x < width; x++) {
        int sum = image.ints()[y * width + x] + image.ints()[(y + 1) * width + x] - 2 * min;
        line.append(shades.charAt(sum * (shades.length() - 1) / (2 * 255)));
      }
      String note = y == height / 2 ? "   answer " + answer + ", label " + label : "";
      System.out.println(line + note);
    }
    System.out.println();
  }

  /** The examples of the checkout that the launcher names. */
  private static Path examples() {
    Path root = Path.of(System.getProperty("thimble.root", ""));
    Path examples = root.resolve("examples");
    if (!Files.isDirectory(examples)) {
      throw new IllegalArgumentException(
          "the examples are not at " + examples.toAbsolutePath() + "; run ./thimble of a checkout");
    }
    return examples;
  }
}
