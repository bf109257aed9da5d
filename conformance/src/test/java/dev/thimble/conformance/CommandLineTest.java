package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The launcher at the repository's root, as a user calls it. */
class CommandLineTest {
  private static final Path ROOT = Path.of(System.getProperty("thimble.root"));

  @Test
  void versionIsPrinted() throws Exception {
    assertThat(thimble("--version")).startsWith("thimble 0.").endsWith("exit 0");
  }

  @Test
  void badUsageIsExitCodeTwo() throws Exception {
    assertThat(thimble("no such command")).contains("no such command").endsWith("exit 2");
  }

  private static String thimble(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Requires.present(ROOT.resolve("thimble"), "the launcher").toString());
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return text + "exit " + process.waitFor();
  }
}
