package dev.thimble.cli.coverage;

import dev.thimble.cli.OutputFile;
import dev.thimble.cli.PeersModule;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code coverage}: what becomes of every model in some folders, as a page of {@code docs/}. */
@Command(
    name = "coverage",
    mixinStandardHelpOptions = true,
    description = {
      "Imports, compiles and verifies every .tflite, .onnx, .pt2, .keras and .h5 file in some",
      "folders, the first two beside TensorFlow Lite and ONNX Runtime, and writes docs/coverage.md."
    })
public final class CoverageCommand implements Callable<Integer> {
  private static final String MAIN = "dev.thimble.peers.CoverageWorker";

  @Option(
      names = "--models",
      paramLabel = "DIR",
      required = true,
      description = "A folder with models at any depth; may be repeated.")
  private List<Path> models = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page (default: docs/coverage.md).")
  private @Nullable Path out;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "120",
      description = "How long one model may take (default: ${DEFAULT-VALUE}).")
  private int seconds = 120;

  @Override
  public Integer call() throws IOException {
    if (seconds < 1) {
      throw new IllegalArgumentException("--seconds must be >= 1, was " + seconds);
    }
    // The checkout's own page is written only from there: who looks at models elsewhere keeps it.
    Path file = OutputFile.require(out != null ? out : Path.of("docs/coverage.md"));
    Path folder = Objects.requireNonNull(file.getParent());
    Tool.GCC.require();
    Path root = Path.of(System.getProperty("thimble.root", ""));
    List<ModelFiles.Found> found = ModelFiles.below(models);
    if (found.isEmpty()) {
      throw new IllegalArgumentException("there is no model in the folders given by --models");
    }
    List<ModelResult> results = new ArrayList<>();
    List<String> command = PeersModule.command(root, List.of("-Xmx2g", "-XX:+UseSerialGC"), MAIN);
    try (Worker worker = new Worker(command, seconds)) {
      for (ModelFiles.Found model : found) {
        ModelResult result = examine(worker, model);
        results.add(result);
        System.err.println(
            results.size()
                + "/"
                + found.size()
                + " "
                + model.name()
                + ": "
                + result.status().text());
      }
    }
    ProgramFiles.write(
        folder, Map.of(String.valueOf(file.getFileName()), CoveragePage.write(results)));
    System.err.println("written to " + file);
    boolean wrong =
        results.stream()
            .anyMatch(result ->
                result.status() == ModelResult.Status.DIFFERS
                    || result.status() == ModelResult.Status.FAILED);
    // As everywhere: 1 where a check failed.
    return wrong ? 1 : 0;
  }

  private ModelResult examine(Worker worker, ModelFiles.Found model) throws IOException {
    String family = ModelFiles.family(model);
    Optional<String> answer = worker.ask(model.file());
    if (answer.isEmpty()) {
      String why = "took more than " + seconds + " seconds, or ended the process";
      return new ModelResult(
          model.name(), model.format(), family, ModelResult.Status.FAILED, 0, List.of(why), null);
    }
    JsonNode json = JsonMapper.builder().build().readTree(answer.get());
    List<String> reasons = texts(json.path("reasons"));
    JsonNode peer = json.path("peer");
    return new ModelResult(
        model.name(),
        model.format(),
        family,
        status(json.path("status").asString(), reasons),
        json.path("nodes").asInt(),
        reasons,
        peer.isString() ? peer.asString() : null,
        texts(json.path("constants")),
        json.path("narrow").asBoolean(false));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  private static ModelResult.Status status(String status, List<String> reasons) {
    return switch (status) {
      case "verified" -> ModelResult.Status.VERIFIED;
      case "differs" -> ModelResult.Status.DIFFERS;
      case "refused" ->
          reasons.stream().anyMatch(reason -> reason.contains("no Keras model"))
              ? ModelResult.Status.NO_MODEL
              : ModelResult.Status.REFUSED;
      default -> ModelResult.Status.FAILED;
    };
  }
}
