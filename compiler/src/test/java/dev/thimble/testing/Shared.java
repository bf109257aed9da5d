package dev.thimble.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder {@code shared} beside the repository, with models and goldens too large for it. The
 * environment variable {@code THIMBLE_SHARED} names another place.
 */
public final class Shared {
  private Shared() {}

  /**
   * A file or folder in {@code shared}. Where it is missing, the test is skipped with a message
   * that names it; in CI it fails, since a test that nobody runs proves nothing.
   */
  public static Path require(String relative) {
    Path path = root().resolve(relative);
    if (!Files.exists(path)) {
      String message = "needs " + path.toAbsolutePath().normalize();
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      abort(message);
    }
    return path;
  }

  private static Path root() {
    String named = System.getenv("THIMBLE_SHARED");
    return named == null || named.isEmpty() ? repository().resolve("../shared") : Path.of(named);
  }

  private static Path repository() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(".ci"))) {
        return folder;
      }
    }
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("compiler"))) {
        return folder;
      }
    }
    return start;
  }
}
