package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.thimble.testing.DamagedFiles;
import dev.thimble.testing.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Whatever a model file holds, {@code compile} writes a whole program or nothing, and one message
 * that names the place.
 */
@ResourceLock(Resources.SYSTEM_ERR)
class DamagedModelsTest {
  private static final int MUTANTS = 100;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final PrintStream systemErr = System.err;
  private ByteArrayOutputStream err;

  @BeforeEach
  void captureErrors() {
    err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void releaseErrors() {
    System.setErr(systemErr);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "02_tflite/tflm/hello_world_int8.tflite",
        "02_tflite/tflm/micro_speech_quantized.tflite",
        "02_tflite/tinymaix/mnist_valid_q.tflite",
        "02_tflite/tinymaix/mnist_dw_f.tflite",
        "02_tflite/tinymaix/mnist_resnet_q.tflite",
        "09_op_conformance/glow_tflite/add_broadcast.tflite",
        "01_mlperf_tiny/kws/alibaba_model_kws.onnx",
        "05_keras/tinymaix/mnist_fc.h5"
      })
  void damageIsRefusedOrHarmless(String file) throws IOException {
    byte[] model = Files.readAllBytes(Shared.require("cases/" + file));
    int compiled = 0;
    for (int seed = 0; seed < MUTANTS; seed++) {
      Path mutant = folder.resolve("mutant" + file.substring(file.lastIndexOf('.')));
      Files.write(mutant, DamagedFiles.mutate(model, new Random(seed)));
      Path out = folder.resolve("out" + seed);
      compiled += compiles(mutant, out, "seed " + seed) ? 1 : 0;
    }
    assertThat(compiled).isBetween(1, MUTANTS - 1);
  }

  private boolean compiles(Path mutant, Path out, String seed) throws IOException {
    err.reset();
    int exitCode =
        assertTimeoutPreemptively(
            LIMIT,
            () -> {
              CommandLine line = Main.commandLine();
              line.setErr(new PrintWriter(System.err, true));
              return line.execute("compile", mutant.toString(), "--out", out.toString());
            },
            seed);
    String message = err.toString(StandardCharsets.UTF_8);
    assertThat(message).as(seed).doesNotContain("\tat ").doesNotContain("Exception");
    if (exitCode == ExitCode.DONE) {
      assertThat(names(out)).as(seed).hasSize(6).contains("report.json", "mutant.c");
      return true;
    }
    assertThat(exitCode).as("%s: %s", seed, message).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(message)
        .as(seed)
        .matches(
            "(?s)thimble: ("
                + ".*mutant\\.[a-z0-9]+: (.+: .+; .+|.+ not supported:\n.+)|"
                + ".*(node|value|input|output) '.*)")
        .containsOnlyOnce("thimble: ");
    assertThat(out).as(seed).doesNotExist();
    return false;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
