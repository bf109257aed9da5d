package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The host's C compilers, and the folder of the kernels that they compile. */
final class CCompiler {
  /** The warnings that generated code must be free of, as errors. */
  static final List<String> WARNINGS =
      List.of(
          "-Wall",
          "-Wextra",
          "-Werror",
          "-Wconversion",
          "-Wshadow",
          "-Wdouble-promotion",
          "-ffp-contract=off");

  static final List<String> SANITIZERS =
      List.of("-fsanitize=address,undefined", "-fno-sanitize-recover=all");

  private CCompiler() {}

  /**
   * Ends the test, as skipped, where the program is missing; in continuous integration it fails.
   */
  static void require(String program) {
    boolean found =
        Stream.of(Objects.requireNonNull(System.getenv("PATH")).split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if ("true".equals(System.getenv("CI"))) {
      assertThat(found).as("%s is installed", program).isTrue();
    }
    assumeTrue(found, program + " is not installed");
  }

  /** The folder that holds the kernels' sources. */
  static Path kernels() {
    try {
      URL file =
          Objects.requireNonNull(PortableKernels.class.getResource("/kernels/common/tile.h"));
      return Path.of(file.toURI()).getParent().getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs a command and asserts that it succeeds; returns what it printed. */
  static String run(List<String> command) {
    try {
      Path output = Files.createTempFile("output", ".txt");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int code = process.waitFor();
      String text = Files.readString(output);
      Files.delete(output);
      assertThat(code).as("%s%n%s", String.join(" ", command), text).isZero();
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @SafeVarargs
  static List<String> command(List<String>... parts) {
    List<String> command = new ArrayList<>();
    for (List<String> part : parts) {
      command.addAll(part);
    }
    return command;
  }
}
