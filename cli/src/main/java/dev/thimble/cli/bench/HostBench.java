package dev.thimble.cli.bench;

import dev.thimble.cli.PeersModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The generated C beside other runtimes on this machine. They are in a module of their own, {@code
 * peers}, which runs in a process of its own: whoever only compiles networks need not have them.
 */
final class HostBench {
  /**
   * µs of one inference on one thread, each the median of turns that the runtimes took one after
   * the other.
   *
   * @param generated the generated C, portable kernels
   * @param onnx ONNX Runtime; null where the network is not there as ONNX
   * @param equal whether the generated C computes bit for bit what TensorFlow Lite does
   */
  record Row(
      String model,
      double generated,
      double builtin,
      double xnnpack,
      @Nullable Double onnx,
      boolean equal) {}

  private record Document(List<Row> rows) {}

  private static final String MAIN = "dev.thimble.peers.HostTimings";

  private HostBench() {}

  /** Times the networks of MLPerf Tiny; builds the module where it is not. */
  static List<Row> run(Path root, List<BenchModel> models, Consumer<String> progress)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    for (BenchModel model : models) {
      if (model.isBenchmark()) {
        arguments.add(model.name());
        arguments.add(model.file().toString());
        arguments.add(onnx(model.file()).map(Path::toString).orElse("-"));
      }
    }
    if (arguments.isEmpty()) {
      return List.of();
    }
    progress.accept("host: " + arguments.size() / 3 + " networks");
    List<String> command = PeersModule.command(root, List.of(), MAIN);
    command.addAll(arguments);
    String json = PeersModule.execute(root, command);
    return JsonMapper.builder()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build()
        .readValue(json, Document.class)
        .rows();
  }

  /** The same network as a quantised ONNX file, where its folder has one. */
  private static Optional<Path> onnx(Path file) throws IOException {
    try (Stream<Path> files = Files.list(file.toAbsolutePath().getParent())) {
      return files.filter(f -> f.toString().endsWith("_qdq.onnx")).sorted().findFirst();
    }
  }
}
