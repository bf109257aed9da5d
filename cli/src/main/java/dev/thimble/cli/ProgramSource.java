package dev.thimble.cli;

import dev.thimble.Compilation;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelImporter;
import dev.thimble.report.Json;
import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
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
      description = "A .tflite file, or a folder that compile wrote.")
  private Path path;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "For a folder: the network, if it has moved since.")
  private @Nullable Path model;

  @Mixin private CompileArguments arguments;

  /** The board that was asked for, and what it implies for targets. */
  BoardArgument board() {
    return arguments.board();
  }

  /** A compilation and the folder with its files; the folder may be ours to remove. */
  record Opened(Compilation compilation, Path folder) {}

  /**
   * Compiles the model into {@code scratch}, or compiles the folder's model as the folder's was,
   * and points to the folder's own files.
   */
  Opened open(Target target, Path scratch) throws IOException {
    if (!Files.isDirectory(path)) {
      Compilation compilation = arguments.compile(ModelImporter.read(path), target);
      Programs.write(compilation, path, scratch);
      return new Opened(compilation, scratch);
    }
    if (arguments.given()) {
      throw new IllegalArgumentException(
          path + " is a program that has its options; compile the model again with these");
    }
    JsonNode report = report();
    Path source =
        model != null ? model : path.resolve(report.path("model").path("path").asString());
    if (!Files.exists(source)) {
      throw new NoSuchFileException(source + " (the folder's network; name it with --model)");
    }
    ImportedModel imported = ModelImporter.read(source);
    if (!imported.sha256().equals(report.path("model").path("sha256").asString())) {
      throw new IllegalArgumentException(
          source + " has changed since " + path + " was compiled from it; compile again");
    }
    // Wherever it runs now: what was planned for another target would be another program.
    String planned = report.path("options").path("target").asString(target.text());
    Compilation compilation = arguments.as(report).compile(imported, Target.ofText(planned));
    requireSameFiles(compilation);
    return new Opened(compilation, path);
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
      throw new IllegalArgumentException(file + " is no report: " + e.getOriginalMessage());
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
