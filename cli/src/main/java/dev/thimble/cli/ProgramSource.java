package dev.thimble.cli;

import dev.thimble.Compilation;
import dev.thimble.importer.ImportedModel;
import dev.thimble.report.Json;
import dev.thimble.target.Board;
import dev.thimble.target.BoardReader;
import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What {@code verify} and {@code profile} work on: a model, or a folder that compile wrote. */
final class ProgramSource {
  private static final String REPORT = "report.json";

  @Parameters(
      paramLabel = "MODEL|DIR",
      description =
          "A model (.tflite, .onnx, .pt2, .keras or .h5), or a folder that compile wrote.")
  private Path path;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "For a folder: the network, if it has moved since.")
  private @Nullable Path model;

  @Mixin private CompileArguments arguments;

  /**
   * Where to run: the targets given, or that of the board, or what a folder was compiled for, or
   * {@code fallback}.
   */
  List<Target> targets(List<String> given, Target fallback) throws IOException {
    if (!given.isEmpty() || !Files.isDirectory(path)) {
      return arguments.board().targets(given, fallback);
    }
    Target compiled = compiledFor(report());
    return List.of(compiled == Target.PORTABLE ? fallback : compiled);
  }

  /** What is asked about quantisation, which also tells what samples look like. */
  QuantizeArguments quantizing() {
    return arguments.quantizing();
  }

  /** The targets that one program serves: a folder has one, a model is compiled for each. */
  List<List<Target>> programs(List<Target> targets) {
    return Files.isDirectory(path) ? List.of(targets) : targets.stream().map(List::of).toList();
  }

  private static Target compiledFor(JsonNode report) {
    return Target.ofText(report.path("target").asString(Target.PORTABLE.text()));
  }

  /**
   * A compilation and the folder with its files; the folder may be ours to remove.
   *
   * @param board the board that the program is for, if it is for one
   */
  record Opened(Compilation compilation, Path folder, Optional<Board> board) {}

  /**
   * Compiles the model into {@code scratch}, or compiles the folder's model as the folder's was,
   * and points to the folder's own files.
   */
  Opened open(Target target, Path scratch) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (!Files.isDirectory(path)) {
      Compilation compilation = arguments.compile(arguments.read(path), target);
      Programs.write(compilation, path, scratch, arguments.quantizing());
      return new Opened(compilation, scratch, arguments.board().board());
    }
    if (arguments.given()) {
      throw new IllegalArgumentException(
          path + " is a program that has its options; compile the model again with these");
    }
    JsonNode report = report();
    String network = report.path("model").path("path").asString("");
    if (network.isEmpty()) {
      throw new IllegalArgumentException(
          path.resolve(REPORT) + " is no report of compile: it names no network; compile again");
    }
    Path source = model != null ? model : path.resolve(network);
    if (!Files.exists(source)) {
      throw new NoSuchFileException(source + " (the folder's network; name it with --model)");
    }
    CompileArguments recorded = arguments.as(report, path);
    ImportedModel imported = recorded.read(source);
    if (!imported.sha256().equals(report.path("model").path("sha256").asString())) {
      throw new IllegalArgumentException(
          source + " has changed since " + path + " was compiled from it; compile again");
    }
    // Wherever it runs now: what was planned for another target would be another program.
    Compilation compilation = recorded.compile(imported, compiledFor(report));
    requireSameFiles(compilation);
    JsonNode board = report.path("options").path("board");
    return new Opened(
        compilation,
        path,
        board.isObject()
            ? Optional.of(BoardReader.read(board, "the report's board"))
            : Optional.empty());
  }

  private JsonNode report() throws IOException {
    Path file = path.resolve(REPORT);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          path + " has no " + REPORT + "; name a model, or a folder that compile wrote");
    }
    try {
      return Json.read(Files.readString(file));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          file + " is no report: " + Json.problem(e) + "; compile again");
    }
  }

  /** The numbers of traced values are this version's: files of another would be misread. */
  private void requireSameFiles(Compilation compilation) throws IOException {
    for (Map.Entry<String, String> file : compilation.program().files().entrySet()) {
      Path written = path.resolve(file.getKey());
      if (!Files.isRegularFile(written)) {
        throw new NoSuchFileException(written + " (part of the program; compile again)");
      }
      if (!Files.readString(written).equals(file.getValue())) {
        System.err.println(
            "thimble: note: " + written + " is not what this version writes; it is used as it is");
      }
    }
  }
}
