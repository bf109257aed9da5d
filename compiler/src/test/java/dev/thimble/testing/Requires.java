package dev.thimble.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a test needs from the machine. Where it is missing, the test is skipped with the reason; in
 * CI (the environment variable {@code CI} is {@code true}) it fails, since a test that nobody runs
 * proves nothing.
 */
public final class Requires {
  private Requires() {}

  /** Goes on only if the file or folder {@code path} exists; {@code name} says what it is. */
  public static Path present(Path path, String name) {
    if (!Files.exists(path)) {
      missing("needs " + name + " (" + path + ")");
    }
    return path;
  }

  /** Goes on only if {@code command} is on the PATH; returns where. */
  public static Path command(String command) {
    String path = System.getenv("PATH");
    for (String folder :
        path == null ? new String[0] : path.split(Pattern.quote(File.pathSeparator))) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, command))) {
        return Path.of(folder, command);
      }
    }
    missing("needs " + command + " on the PATH (.ci/packages.txt names its package)");
    throw new AssertionError("unreachable");
  }

  private static void missing(String need) {
    if ("true".equals(System.getenv("CI"))) {
      fail("in CI nothing is skipped: " + need);
    }
    abort("skipped: " + need);
  }
}
