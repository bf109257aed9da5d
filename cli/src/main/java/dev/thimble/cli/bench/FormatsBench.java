package dev.thimble.cli.bench;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Quantization;
import dev.thimble.Stage;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Samples;
import dev.thimble.op.Dequantize;
import dev.thimble.op.Rounding;
import dev.thimble.quant.Calibrator;
import dev.thimble.quant.FloatFilters;
import dev.thimble.quant.MixedLimits;
import dev.thimble.quant.Quality;
import dev.thimble.quant.QuantizeSettings;
import dev.thimble.quant.SampleListener;
import dev.thimble.quant.WeightFormat;
import dev.thimble.schedule.Preference;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What each format of filters makes of one network: accuracy, flash, RAM, instructions. */
final class FormatsBench {
  static final String MODEL = "kws_ref_model_float32.tflite";

  /** The folder beside it with MLPerf Tiny's inputs, whose names end in their class. */
  static final String INPUTS = "kws01";

  /** How those inputs are stored. */
  private static final float INPUT_SCALE = 0.584703f;

  private static final int INPUT_ZERO_POINT = 83;

  /** A way to make a program of the float model; {@code samples} are those of calibration. */
  private record Format(
      String text, Optional<Quality> quality, Function<Source, ImportedModel> make) {}

  private record Source(ImportedModel model, List<List<Tensor>> samples) {}

  /** All formats; a row of the table each. */
  private static final List<Format> FORMATS =
      List.of(
          new Format("float32", Optional.empty(), FormatsBench::floats),
          new Format("hybrid, as in the file", Optional.empty(), Source::model),
          plain(WeightFormat.INT8, Quality.FAST),
          plain(WeightFormat.INT8, Quality.BALANCED),
          plain(WeightFormat.INT8, Quality.BEST),
          mixed(2, Quality.BALANCED),
          mixed(4, Quality.BALANCED),
          mixed(8, Quality.BALANCED),
          plain(WeightFormat.INT4, Quality.FAST),
          plain(WeightFormat.INT4, Quality.BEST),
          plain(WeightFormat.INT2, Quality.BEST),
          plain(WeightFormat.BINARY, Quality.BEST));

  /**
   * A program.
   *
   * @param format of its filters, as {@code --precision} has it
   * @param quality as {@code --quality} has it; null where nothing is quantised
   * @param correct how many of the test inputs it classifies rightly
   * @param agreeing how many it classifies as the float network does
   * @param inputs how many there are
   * @param weights bytes of all constants
   * @param instructions of one inference; null where nothing was simulated
   * @param equal whether the simulated program stored what the network's evaluation gives
   */
  record Row(
      String format,
      @Nullable String quality,
      long correct,
      long agreeing,
      long inputs,
      long weights,
      long arena,
      @Nullable Long instructions,
      boolean equal) {
    /** Whether another program is as good in accuracy and flash, and better in one of them. */
    boolean dominated(List<Row> rows) {
      return rows.stream()
          .anyMatch(other ->
              other.correct >= correct
                  && other.weights <= weights
                  && (other.correct > correct || other.weights < weights));
    }
  }

  private final Target target;
  private final boolean simulate;
  private final Consumer<String> progress;

  FormatsBench(Target target, boolean simulate, Consumer<String> progress) {
    this.target = target;
    this.simulate = simulate;
    this.progress = progress;
  }

  private static Format plain(WeightFormat weights, Quality quality) {
    return quantized(weights.name().toLowerCase(Locale.ROOT), weights, quality, Optional.empty());
  }

  private static Format mixed(int percent, Quality quality) {
    MixedLimits limits = new MixedLimits(percent, graph -> false);
    return quantized(
        "mixed, --max-loss " + percent, WeightFormat.INT8, quality, Optional.of(limits));
  }

  private static Format quantized(
      String text, WeightFormat weights, Quality quality, Optional<MixedLimits> mixed) {
    QuantizeSettings settings =
        QuantizeSettings.of(Calibrator.AUTO, quality)
            .withFilters(weights, Map.of())
            .withMixed(mixed);
    return new Format(
        text,
        Optional.of(quality),
        source ->
            Quantization.of(source.model(), source.samples(), settings, SampleListener.NONE)
                .model());
  }

  private static ImportedModel floats(Source source) {
    ImportedModel model = source.model();
    return model.with(GraphChecker.check(FloatFilters.of(model.program().entry())));
  }

  /** The rows, or nothing where no folder has the network and its inputs. */
  Optional<List<Row>> run(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      try (Stream<Path> walk = Files.walk(folder)) {
        Optional<Path> file = walk.filter(path -> path.endsWith(MODEL)).sorted().findFirst();
        if (file.isPresent() && Files.isDirectory(file.get().resolveSibling(INPUTS))) {
          return Optional.of(run(file.get()));
        }
      }
    }
    return Optional.empty();
  }

  private List<Row> run(Path file) throws IOException {
    ImportedModel model = ModelImporter.read(file);
    List<List<Tensor>> calibration = new ArrayList<>();
    List<List<Tensor>> tests = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    TensorType type = model.program().entry().inputs().getFirst().type();
    try (Stream<Path> files = Files.list(file.resolveSibling(INPUTS))) {
      List<Path> sorted = files.filter(path -> path.toString().endsWith(".bin")).sorted().toList();
      for (int i = 0; i < sorted.size(); i++) {
        List<Tensor> sample = List.of(sample(Files.readAllBytes(sorted.get(i)), type));
        (i % 2 == 0 ? calibration : tests).add(sample);
        if (i % 2 == 1) {
          labels.add(label(sorted.get(i)));
        }
      }
    }
    Source source = new Source(model, calibration);
    List<Integer> decided = classes(floats(source).program().entry(), tests);
    List<Row> rows = new ArrayList<>();
    for (Format format : FORMATS) {
      String quality = format.quality().map(Quality::text).orElse(null);
      progress.accept("formats: " + format.text() + (quality == null ? "" : ", " + quality));
      rows.add(row(format.text(), quality, format.make().apply(source), tests, labels, decided));
    }
    return rows;
  }

  private static Tensor sample(byte[] stored, TensorType type) {
    float[] real = new float[stored.length];
    for (int i = 0; i < real.length; i++) {
      real[i] = (stored[i] - INPUT_ZERO_POINT) * INPUT_SCALE;
    }
    return Tensor.ofFloats(type, real);
  }

  private static int label(Path file) {
    String name = String.valueOf(file.getFileName());
    return Integer.parseInt(name.substring(name.lastIndexOf('_') + 1, name.lastIndexOf('.')));
  }

  private Row row(
      String format,
      @Nullable String quality,
      ImportedModel model,
      List<List<Tensor>> tests,
      List<Integer> labels,
      List<Integer> decided)
      throws IOException {
    List<Integer> classes = classes(model.program().entry(), tests);
    Compilation compilation = Compiler.compile(model, options(), Stage.Listener.NONE);
    Long instructions = null;
    boolean equal = true;
    if (simulate) {
      Simulation simulation = Simulation.of(compilation, target);
      instructions = simulation.profile().total().instructions();
      equal = simulation.equal();
    }
    return new Row(
        format,
        quality,
        equal(classes, labels),
        equal(classes, decided),
        tests.size(),
        compilation.program().sizes().weights(),
        compilation.plan().arenaBytes(),
        instructions,
        equal);
  }

  private CompileOptions options() {
    return CompileOptions.DEFAULTS
        .withName("bench")
        .withTarget(target)
        .withPrefer(Preference.SPEED);
  }

  private static long equal(List<Integer> classes, List<Integer> others) {
    return IntStream.range(0, classes.size())
        .filter(i -> classes.get(i).equals(others.get(i)))
        .count();
  }

  private static List<Integer> classes(Graph graph, List<List<Tensor>> samples) {
    return samples.parallelStream().map(sample -> decided(graph, sample.getFirst())).toList();
  }

  /** The class of one sample, which is quantised where the network's input is. */
  private static int decided(Graph graph, Tensor sample) {
    List<Tensor> given = Samples.stored(List.of(sample), graph.inputs());
    Tensor output = Evaluator.outputs(graph, given, Rounding.DOUBLE).getFirst();
    TensorType real = TensorType.float32(output.shape().dims().clone());
    float[] scores =
        output.type().isFloat()
            ? output.floats()
            : new Dequantize().evaluate(List.of(output), real, Rounding.DOUBLE).floats();
    int largest = 0;
    for (int i = 1; i < scores.length; i++) {
      largest = scores[i] > scores[largest] ? i : largest;
    }
    return largest;
  }
}
