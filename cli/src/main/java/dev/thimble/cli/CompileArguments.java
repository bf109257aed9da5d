package dev.thimble.cli;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.IntegerNetwork;
import dev.thimble.Limits;
import dev.thimble.Stage;
import dev.thimble.codegen.CName;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.op.Rounding;
import dev.thimble.quant.Quantized;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Strategy;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.target.Board;
import dev.thimble.target.BoardReader;
import dev.thimble.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The options of every command that compiles. */
final class CompileArguments {
  /** How the network's input gets into memory. */
  private enum Feed {
    WHOLE,
    ROWS
  }

  /** In place of a strategy: whichever compile takes. */
  static final String ANY_STRATEGY = "";

  /** In place of a rounding of integers. */
  private static final String FLOAT_ROUNDING = "float";

  /** The formats whose files state floats between quantisations. */
  private static final Set<String> QUANTIZED_FLOATS = Set.of("onnx", "pt2");

  private List<Quantized.InFloat> inFloat = List.of();
  private boolean folded;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the generated symbols and files (default: the model file's).")
  private @Nullable String name;

  @Option(
      names = "--memory",
      paramLabel = "STRATEGY",
      description = "naive, ping-pong, greedy, in-place, fused-pool, overlap or stream.")
  private @Nullable String memory;

  @Option(
      names = "--prefer",
      paramLabel = "WHAT",
      defaultValue = "balanced",
      description = "balanced, speed, ram or flash (default: ${DEFAULT-VALUE}).")
  private String prefer = "balanced";

  @Option(
      names = "--feed",
      paramLabel = "HOW",
      defaultValue = "whole",
      description =
          "whole: the input lies in memory; rows: it arrives row by row, through NAME_push_row_0"
              + " (default: ${DEFAULT-VALUE}).")
  private String feed = "whole";

  @Option(
      names = "--offsets",
      paramLabel = "HOW",
      defaultValue = "fast",
      description =
          "fast, or exact: prove the arena the smallest for the chosen order, or tell the gap; may"
              + " take minutes (default: ${DEFAULT-VALUE}).")
  private String offsets = "fast";

  @Option(
      names = "--ram",
      paramLabel = "SIZE",
      description =
          "The most the arena may take, such as 16384, 16K or 1M; exit 3 if nothing fits.")
  private @Nullable String ram;

  @Option(
      names = "--flash",
      paramLabel = "SIZE",
      description =
          "The most that constants and code may take together; exit 3 if they do not fit.")
  private @Nullable String flash;

  @Option(
      names = "--rounding",
      paramLabel = "HOW",
      description = {
        "double (TFLM, CMSIS-NN) or single (newer TFLite); float: what an ONNX or PyTorch file",
        "states as floats between quantisations stays so (default: single for such a file, else",
        "double)."
      })
  private @Nullable String rounding;

  @Option(
      names = "--classify",
      description = "Output the index of the largest class instead of the probabilities.")
  private boolean classify;

  @Option(
      names = "--threshold",
      paramLabel = "X",
      description = "Output 1 where the final probability is at least X, else 0.")
  private @Nullable Double threshold;

  @Option(
      names = "--profile",
      description = {
        "Give the program hooks that count the cycles of each node on the hardware, and a",
        "NAME_profile_main.c that prints them."
      })
  private boolean profile;

  @Option(
      names = "--dump-after",
      paramLabel = "STAGE",
      description = {
        "Print the graph after import, decide, rewrite or schedule to stdout; after codegen, the",
        "C."
      })
  private @Nullable String dumpAfter;

  @Mixin private ImportArguments imports = new ImportArguments();

  @Mixin private BoardArgument board = new BoardArgument();

  @Mixin private QuantizeArguments quantizing = new QuantizeArguments();

  /** The board, and what it implies for targets. */
  BoardArgument board() {
    return board;
  }

  /** The options, for this target. Throws {@link IllegalArgumentException} for unknown words. */
  CompileOptions options(Target target) {
    return options(target, board.board());
  }

  /** The options, for this target and board. */
  CompileOptions options(Target target, Optional<Board> on) {
    return new CompileOptions(
        Optional.ofNullable(name),
        target,
        rounding(),
        Optional.ofNullable(memory)
            .filter(text -> !text.equals(ANY_STRATEGY))
            .map(text -> Words.choice("--memory", Strategy.values(), text, Strategy::text)),
        Words.choice("--prefer", Preference.values(), prefer, Preference::text),
        Words.choice("--feed", Feed.values(), feed, f -> f.name().toLowerCase(Locale.ROOT))
            == Feed.ROWS,
        Words.choice("--offsets", Effort.values(), offsets, e -> e.name().toLowerCase(Locale.ROOT)),
        new Limits(size("--ram", ram), size("--flash", flash), on),
        new CompileOptions.Decision(
            classify, threshold == null ? OptionalDouble.empty() : OptionalDouble.of(threshold)),
        profile);
  }

  /** How accumulators are scaled; where floats stay floats, only files of integers have any. */
  Rounding rounding() {
    if (rounding == null) {
      return folded ? Rounding.SINGLE : Rounding.DOUBLE;
    }
    List<String> words = new ArrayList<>();
    for (Rounding each : Rounding.values()) {
      words.add(each.name().toLowerCase(Locale.ROOT));
    }
    words.add(FLOAT_ROUNDING);
    String chosen = Words.choice("--rounding", words.toArray(String[]::new), rounding, w -> w);
    return chosen.equals(FLOAT_ROUNDING)
        ? Rounding.DOUBLE
        : Rounding.valueOf(chosen.toUpperCase(Locale.ROOT));
  }

  /** The name that the symbols of a model's program begin with. */
  String programName(ImportedModel model) {
    return (name == null ? CName.of(model.program().name()) : new CName(name)).lower();
  }

  /** What is asked about quantisation. */
  QuantizeArguments quantizing() {
    return quantizing;
  }

  /**
   * Reads a model file, with what the command line says of its inputs and weights; what it
   * quantises becomes integers, unless floats are asked for.
   */
  ImportedModel read(Path model) {
    return read(model, Rounding.SINGLE);
  }

  /** The same, where integers of floats are rounded so unless the command line says how. */
  ImportedModel read(Path model, Rounding usual) {
    rounding();
    folded = false;
    ImportOptions options = imports.options().withRoundsFloats(FLOAT_ROUNDING.equals(rounding));
    ImportedModel imported = ModelImporter.read(model, options);
    if (options.roundsFloats() && !QUANTIZED_FLOATS.contains(imported.format())) {
      throw new IllegalArgumentException(
          "--rounding float is for ONNX and PyTorch files, which state floats between"
              + " quantisations; choose double or single");
    }
    if (quantizing.quantizes()) {
      return imported;
    }
    IntegerNetwork made = IntegerNetwork.of(imported, rounding == null ? usual : rounding());
    inFloat = made.inFloat();
    folded = made.model() != imported;
    return made.model();
  }

  /** What the model that was read last computes in float32 between integers, and why. */
  List<Quantized.InFloat> inFloat() {
    return inFloat;
  }

  /** Quantises if that is asked for, and compiles; prints the dump that was asked for. */
  Compilation compile(ImportedModel source, Target target) {
    quantizing.within(options(target));
    ImportedModel model = quantizing.apply(source);
    Optional<Stage> dump =
        Optional.ofNullable(dumpAfter)
            .map(text -> Words.choice("--dump-after", Stage.values(), text, Stage::text));
    return Compiler.compile(
        model,
        options(target),
        (stage, text) -> {
          if (dump.isPresent() && dump.get() == stage) {
            System.out.print(text.get());
          }
        });
  }

  /** The files and folders that are read for a model. */
  List<Path> files(Path model) {
    List<Path> files = new ArrayList<>(List.of(model));
    files.addAll(ModelImporter.dataFiles(model));
    files.addAll(imports.files());
    files.addAll(quantizing.files());
    files.addAll(board.files());
    return files;
  }

  /** Whether {@code --memory} stands on the command line. */
  boolean memoryGiven() {
    return memory != null;
  }

  /** Whether an option says something about the program that is not the default. */
  boolean given() {
    boolean words = imports.given() || name != null || memory != null || threshold != null;
    boolean limits = ram != null || flash != null || board.given();
    return words
        || limits
        || classify
        || profile
        || quantizing.given()
        || !prefer.equals("balanced")
        || !feed.equals("whole")
        || !offsets.equals("fast")
        || rounding != null;
  }

  /** Takes over the options of a compilation that its report records; returns itself. */
  CompileArguments as(JsonNode report, Path folder) {
    quantizing.as(report.path("quantization"), folder);
    JsonNode recorded = report.path("options");
    name = report.path("name").asString();
    imports.as(recorded, folder);
    rounding = recorded.path("rounding").asString("double");
    prefer = recorded.path("prefer").asString(prefer);
    feed = recorded.path("feed").asString(feed);
    offsets = recorded.path("offsets").asString(offsets);
    memory = recorded.hasNonNull("memory") ? recorded.path("memory").asString() : null;
    ram = recorded.hasNonNull("ram") ? recorded.path("ram").asString() : null;
    flash = recorded.hasNonNull("flash") ? recorded.path("flash").asString() : null;
    // Its memories decide where things lie, and whether weights are copied.
    board.take(
        recorded.hasNonNull("board")
            ? BoardReader.read(recorded.path("board"), "the report's board")
            : null);
    classify = recorded.path("classify").asBoolean(false);
    profile = recorded.path("profile").asBoolean(false);
    threshold = recorded.hasNonNull("threshold") ? recorded.path("threshold").asDouble() : null;
    return this;
  }

  /** The network to evaluate, without compiling it unless a dump is asked for. */
  Graph reference(ImportedModel model) {
    return dumps()
        ? compile(model, Target.PORTABLE).reference()
        : Compiler.reference(quantizing.apply(model), options(Target.PORTABLE));
  }

  /** Whether stdout is taken by a dump. */
  boolean dumps() {
    return dumpAfter != null;
  }

  private static OptionalLong size(String option, @Nullable String text) {
    return text == null ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(option, text));
  }
}
