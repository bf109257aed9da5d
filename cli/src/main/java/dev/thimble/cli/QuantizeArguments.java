package dev.thimble.cli;

import dev.thimble.CompileOptions;
import dev.thimble.Quantization;
import dev.thimble.graph.Value;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.data.ImageFit;
import dev.thimble.importer.data.Samples;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.quant.Calibrator;
import dev.thimble.quant.Diagnosis;
import dev.thimble.quant.MixedLimits;
import dev.thimble.quant.Preprocessing;
import dev.thimble.quant.Quality;
import dev.thimble.quant.QuantizationLoss;
import dev.thimble.quant.QuantizationResult;
import dev.thimble.quant.QuantizeSettings;
import dev.thimble.report.CompileReport;
import dev.thimble.tensor.Tensor;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The options that make an int8 network of a float network. */
final class QuantizeArguments {
  private static final String RANDOM = "random";
  private static final int RANDOM_SAMPLES = 16;

  /** What the elements of inputs and outputs are. */
  private enum Io {
    NETWORK,
    FLOAT
  }

  @Option(
      names = "--calibrate",
      paramLabel = "DATA",
      description = {
        "Quantise a float network to int8 after these samples: as --inputs has them.",
        "'random' makes some up: enough for memory and time, not for accuracy."
      })
  private @Nullable List<String> calibrate;

  @Mixin private PrecisionArguments precision = new PrecisionArguments();

  @Option(
      names = "--io",
      paramLabel = "HOW",
      defaultValue = "network",
      description =
          "float: a network quantised here takes and gives floats; network: it takes and gives"
              + " int8 (default: ${DEFAULT-VALUE}).")
  private String io = "network";

  @Option(
      names = "--calibrator",
      paramLabel = "HOW",
      defaultValue = "auto",
      description =
          "min-max, moving-average, percentile, entropy, mse, or auto: what loses least on the"
              + " samples (default: ${DEFAULT-VALUE}).")
  private String calibrator = "auto";

  @Option(
      names = "--quality",
      paramLabel = "HOW",
      defaultValue = "balanced",
      description =
          "fast, balanced or best: how long to look for less loss (default:"
              + " ${DEFAULT-VALUE}).")
  private String quality = "balanced";

  @Mixin private PreprocessArguments preprocess = new PreprocessArguments();

  @Mixin private MethodArguments methods = new MethodArguments();

  private Optional<CompileOptions> options = Optional.empty();
  private @Nullable ImportedModel given;
  private @Nullable ImportedModel source;
  private @Nullable Quantization quantization;

  /** Whether an option says something. */
  boolean given() {
    return calibrate != null
        || precision.given()
        || !io.equals("network")
        || preprocess.given()
        || methods.given()
        || !calibrator.equals("auto")
        || !quality.equals("balanced");
  }

  /** Whether the network is quantised here. */
  boolean quantizes() {
    return calibrate != null || precision.asked().ofFilters();
  }

  /** The files and folders of samples. */
  List<Path> files() {
    return DataPaths.files(calibrate);
  }

  /** What may be done to images among data. */
  ImageFit images() {
    return preprocess.images();
  }

  /** The float model that is compiled or quantised: with its preprocessing taken in. */
  ImportedModel preprocessed(ImportedModel model) {
    if (!preprocess.given()) {
      return model;
    }
    if (source == null || given != model) {
      Preprocessing preprocessing = preprocess.preprocessing();
      given = model;
      source = Quantization.preprocessed(model, preprocessing);
    }
    return source;
  }

  /** The model, quantised if that is asked for. A model is quantised once. */
  ImportedModel apply(ImportedModel imported) {
    ImportedModel model = preprocessed(imported);
    Precision asked = precision.asked();
    precision.check();
    if (asked.ofFilters()) {
      return withFilters(model, asked);
    }
    if (calibrate == null) {
      Uncalibrated.requirePrecision(model, asked, precision.text());
      requireNoMethods(model);
      return model;
    }
    if (asked == Precision.FLOAT32) {
      throw new IllegalArgumentException(
          "--precision float32 contradicts --calibrate, which quantises; leave one of them away");
    }
    if (quantization == null || source != model) {
      source = model;
      quantization = quantize(model);
    }
    return quantization.model();
  }

  /** The float model with filters of few bits. */
  private ImportedModel withFilters(ImportedModel model, Precision asked) {
    if (calibrate != null) {
      throw new IllegalArgumentException(
          "--precision "
              + precision.text()
              + " takes nothing from samples; leave --calibrate away, or choose a precision of"
              + " activations");
    }
    requireNoMethods(model);
    if (quantization == null || source != model) {
      source = model;
      quantization = Quantization.ofFilters(model, asked.format());
    }
    return quantization.model();
  }

  /** Refuses what says how to quantise where nothing is quantised here. */
  void requireNoMethods(ImportedModel model) {
    List<String> options = new ArrayList<>();
    if (Words.choice("--io", Io.values(), io) != Io.NETWORK) {
      options.add("--io " + io);
    }
    if (Words.choice("--calibrator", Calibrator.values(), calibrator) != Calibrator.AUTO) {
      options.add("--calibrator");
    }
    if (Words.choice("--quality", Quality.values(), quality) != Quality.BALANCED) {
      options.add("--quality");
    }
    options.addAll(precision.forQuantizing());
    methods.methods();
    methods.recorded().keySet().forEach(option -> options.add("--" + option));
    Uncalibrated.requireNone(model, options);
  }

  private Quantization quantize(ImportedModel model) {
    if (isRandom(calibrate == null ? List.of() : calibrate)) {
      System.err.println(
          "thimble: WARNING: --calibrate random: ranges come from random inputs. Memory, flash and"
              + " time are real, ACCURACY IS NOT: give real samples before use.");
    }
    QuantizeSettings settings =
        QuantizeSettings.of(
                Words.choice("--calibrator", Calibrator.values(), calibrator),
                Words.choice("--quality", Quality.values(), quality))
            .withFilters(precision.asked().format(), precision.formats())
            .withMixed(mixed(model))
            .withFloatIo(Words.choice("--io", Io.values(), io) == Io.FLOAT)
            .withActivations(precision.activations())
            .withInt16(precision.percent())
            .withMethods(methods.methods())
            .withFound(precision.found());
    Iterable<List<Tensor>> samples = samples(model);
    UniformSamples.warn(System.err, samples, model.inputs());
    try (Progress progress = Progress.of("quantising", -1)) {
      return Quantization.of(model, samples, settings, progress::step);
    }
  }

  private Iterable<List<Tensor>> samples(ImportedModel model) {
    List<Value> ports = model.inputs().stream().map(IoInfo::value).toList();
    List<String> data = calibrate == null ? List.of() : calibrate;
    return isRandom(data)
        ? IntStream.rangeClosed(1, RANDOM_SAMPLES)
            .mapToObj(seed -> Seeds.sample(seed, ports))
            .toList()
        : Samples.streamSource(data, model.inputs(), images());
  }

  /** Where the network that was quantised here loses what; nothing where none was. */
  Optional<QuantizationLoss> loss() {
    return quantization == null || calibrate == null
        ? Optional.empty()
        : Optional.of(loss(quantization, List.of()));
  }

  private QuantizationLoss loss(Quantization made, List<String> data) {
    ImportedModel model = Objects.requireNonNull(source);
    Iterable<List<Tensor>> samples =
        data.isEmpty() ? samples(model) : Samples.streamSource(data, model.inputs(), images());
    try (Progress progress = Progress.of("measuring the loss", -1)) {
      return Diagnosis.of(made.result(), samples, progress::step);
    }
  }

  /**
   * Where quantisation loses what: of a network that is quantised here on these samples, or on
   * those of its calibration; of one that was quantised elsewhere against its real numbers.
   */
  QuantizationLoss loss(ImportedModel imported, List<String> data, Rounding rounding) {
    ImportedModel model = apply(imported);
    if (quantization != null && calibrate == null) {
      throw new IllegalArgumentException(
          "--quantization tells of activations, which stay float32 with --precision "
              + precision.text()
              + "; evaluate measures the outputs");
    }
    if (quantization != null) {
      return loss(quantization, data);
    }
    if (!Quantization.isQuantized(model)) {
      throw new IllegalArgumentException(
          "nothing is quantised in '"
              + model.program().name()
              + "'; add --calibrate DATA with samples of its input");
    }
    if (data.isEmpty()) {
      throw new IllegalArgumentException(
          "--quantization needs samples to measure on; add --inputs DATA");
    }
    try (Progress progress = Progress.of("measuring the loss", -1)) {
      return Diagnosis.ofQuantized(
          model.program().entry(),
          Samples.streamSource(data, model.inputs(), images()),
          rounding,
          progress::step);
    }
  }

  /** The limits of a search for the formats of filters, if that is asked for. */
  private Optional<MixedLimits> mixed(ImportedModel model) {
    if (precision.asked() != Precision.MIXED) {
      return Optional.empty();
    }
    return Optional.of(precision.found().formats().isEmpty() ? limits(model) : MixedLimits.NONE);
  }

  /** How far bits are taken away: until the program fits the flash, or the loss is too much. */
  private MixedLimits limits(ImportedModel model) {
    boolean flash = options.isPresent() && options.get().limits().program().isPresent();
    Double mostLoss = precision.mostLoss();
    if (!flash && mostLoss == null) {
      throw new IllegalArgumentException(
          options.isPresent()
              ? "--precision mixed needs --flash SIZE (or --board), --max-loss PERCENT, or both"
              : "--precision mixed needs --max-loss PERCENT where no program is made");
    }
    return new MixedLimits(
        mostLoss == null ? MixedLimits.ANY_LOSS : mostLoss,
        flash ? Quantization.fits(model, options.orElseThrow()) : graph -> false);
  }

  /** The options of the compilation that a network is quantised for. */
  void within(CompileOptions compilation) {
    options = Optional.of(compilation);
  }

  private static boolean isRandom(List<String> data) {
    return data.equals(List.of(RANDOM)) && !Files.exists(Path.of(RANDOM));
  }

  /** The ports that data are for: the float network's, where this one was made of it. */
  List<IoInfo> sourcePorts(List<IoInfo> ports) {
    return source == null || quantization == null ? ports : source.inputs();
  }

  /** What the report of a compilation says of it, if the network was quantised here. */
  Optional<CompileReport.QuantizationRow> row(Path folder) {
    if (quantization == null && !preprocess.given()) {
      return Optional.empty();
    }
    Optional<QuantizationResult> result =
        Optional.ofNullable(quantization).map(Quantization::result);
    List<String> data = calibrate == null ? List.of() : calibrate;
    return Optional.of(
        new CompileReport.QuantizationRow(
            isRandom(data)
                ? data
                : data.stream().map(each -> DataPaths.relative(each, folder)).toList(),
            result.map(QuantizationResult::samples).orElse(0L),
            precision.text(),
            calibrator,
            quality,
            io,
            preprocess.inputRange(),
            preprocess.mean(),
            preprocess.std(),
            images().resize(),
            images().grey(),
            methods.recorded(),
            result.map(QuantizationResult::steps).orElse(List.of()),
            result.stream()
                .flatMap(r -> r.network().inFloat().stream())
                .map(n -> new CompileReport.InFloat(n.node(), n.op(), n.reason()))
                .toList(),
            result.stream().flatMap(r -> r.filters().stream()).map(FilterRows::of).toList(),
            precision.nodes(),
            precision.int16(),
            result.stream().flatMap(r -> r.int16().stream()).map(Int16Rows::of).toList()));
  }

  /** Takes over what a compilation's report records. */
  void as(JsonNode recorded, Path folder) {
    if (!recorded.isObject()) {
      return;
    }
    List<String> data = new ArrayList<>();
    recorded.path("data").forEach(each -> data.add(each.asString()));
    if (!data.isEmpty()) {
      boolean random = data.equals(List.of(RANDOM));
      calibrate = random ? data : data.stream().map(d -> DataPaths.absolute(d, folder)).toList();
    }
    methods.as(recorded.path("methods"));
    preprocess.as(recorded);
    calibrator = recorded.path("calibrator").asString(calibrator);
    quality = recorded.path("quality").asString(quality);
    io = recorded.path("io").asString(io);
    precision.as(recorded);
  }

  /** Tells how the network was quantised, or how it could be. */
  void print(PrintStream to, ImportedModel model) {
    if (quantization == null) {
      if (!precision.given() && !Quantization.isQuantized(model)) {
        to.println(
            "hint: this is a float network; --calibrate DATA makes it int8, a quarter of the"
                + " memory");
      }
      return;
    }
    boolean searched = precision.percent().isPresent();
    QuantizationText.print(to, quantization, precision.asked().ofFilters(), searched);
  }
}
