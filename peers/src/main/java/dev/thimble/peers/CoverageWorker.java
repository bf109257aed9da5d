package dev.thimble.peers;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.Recording;
import dev.thimble.importer.data.Seeds;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import dev.thimble.toolchain.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says of each model file that a line of stdin names what becomes of it, in a line of JSON on
 * stdout. Runtimes that end the process end only this one.
 */
public final class CoverageWorker {
  private static final int SEEDS = 2;

  /**
   * What became of a model.
   *
   * @param status {@code verified}, {@code differs}, {@code refused} or {@code failed}
   * @param nodes the nodes as imported; 0 where it was not
   * @param reasons why it was refused or failed, or where it differs
   * @param peer how the peer's outputs compare; null where there is none for the format
   * @param constants the inputs that were taken from a recording beside the model, as constants
   * @param narrow whether the model's float64 was computed with float32
   */
  public record Outcome(
      String status,
      int nodes,
      List<String> reasons,
      @Nullable String peer,
      List<String> constants,
      boolean narrow) {
    public Outcome {
      reasons = List.copyOf(reasons);
      constants = List.copyOf(constants);
    }

    Outcome(String status, int nodes, List<String> reasons) {
      this(status, nodes, reasons, null, List.of(), false);
    }
  }

  private CoverageWorker() {}

  /** Answers line by line until stdin ends. */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    JsonMapper json = JsonMapper.builder().build();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(json.writeValueAsString(outcome(Path.of(line))));
    }
  }

  private static Outcome outcome(Path file) {
    ImportedModel model;
    try {
      model = imported(file);
    } catch (ModelException e) {
      return new Outcome("refused", 0, lines(String.valueOf(e.getMessage()), file));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return new Outcome("failed", 0, List.of("import: " + e));
    }
    int nodes = model.program().entry().nodes().size();
    Compilation compilation;
    try {
      compilation =
          Compiler.compile(model, CompileOptions.DEFAULTS.withName("network"), Stage.Listener.NONE);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      boolean refusal = e.getClass().getPackageName().startsWith("dev.thimble");
      String status = refusal || e instanceof IllegalArgumentException ? "refused" : "failed";
      String message = refusal ? String.valueOf(e.getMessage()) : e.toString();
      return new Outcome(status, nodes, lines(message, file));
    }
    try {
      return verified(file, model, compilation, nodes);
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return new Outcome("failed", nodes, List.of("verification: " + e));
    }
  }

  private static Outcome verified(
      Path file, ImportedModel model, Compilation compilation, int nodes) throws IOException {
    Graph reference = compilation.reference();
    List<List<Tensor>> samples = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      samples.add(Seeds.sample(seed, reference.inputs()));
    }
    try (Workspace scratch = Workspace.create()) {
      ProgramFiles.write(scratch.folder(), compilation.program().files());
      Verification result =
          new Verifier(compilation.subject(scratch.folder()), samples, false, false)
              .run(List.of(Target.PORTABLE), sample -> {});
      if (!result.equal()) {
        return new Outcome("differs", nodes, List.of(difference(result)));
      }
    }
    return new Outcome(
        "verified",
        nodes,
        List.of(),
        PeerComparison.of(file, model),
        List.copyOf(model.options().constants().keySet()),
        model.options().narrow());
  }

  /**
   * Imports a model. What of an ONNX model must be constant is taken from the recording beside it,
   * where there is one; float64 is computed with float32 where the model is refused otherwise.
   */
  private static ImportedModel imported(Path file) {
    if (!name(file).endsWith(".onnx")) {
      return ModelImporter.read(file);
    }
    Recording recording = Recording.beside(file);
    try {
      return recording.read(file, ImportOptions.DEFAULTS);
    } catch (ModelException e) {
      try {
        return recording.read(file, ImportOptions.DEFAULTS.withNarrow(true));
      } catch (ModelException narrow) {
        throw e;
      }
    }
  }

  private static String name(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }

  private static String difference(Verification result) {
    return result.targets().stream()
        .flatMap(target -> target.difference().stream())
        .map(d ->
            "'" + d.node() + "', element " + d.index() + ": " + d.expected() + ", C " + d.got())
        .findFirst()
        .orElse("");
  }

  /** The lines of a message without the file's path, and without a model's list of remedies. */
  private static List<String> lines(String message, Path file) {
    String bare = message.replace(file.toString() + ": ", "").replace(file.toString(), "the file");
    List<String> lines = new ArrayList<>();
    for (String line : bare.lines().map(String::strip).toList()) {
      if (!line.startsWith("remedy: ") && !line.isEmpty()) {
        lines.add(line);
      }
    }
    // The first line of several only counts what follows.
    return lines.size() > 1 && lines.getFirst().endsWith(":")
        ? lines.subList(1, lines.size())
        : lines;
  }
}
