package dev.thimble.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Test data that lies in the folder {@code shared} beside the repository, too large for it. */
public final class Shared {
  private Shared() {}

  /**
   * The file or folder of this relative name. Where it is missing the test is skipped, with a
   * message that names it, or fails if the environment variable CI is "true". THIMBLE_SHARED names
   * another folder than {@code ../shared}.
   */
  public static Path require(String relative) {
    Path path = folder().resolve(relative);
    if (!Files.exists(path)) {
      String message = "missing test data " + path;
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(message);
      }
      Assumptions.abort(message);
    }
    return path;
  }

  private static Path folder() {
    String named = System.getenv("THIMBLE_SHARED");
    return named != null ? Path.of(named) : repository().resolveSibling("shared");
  }

  private static Path repository() {
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve(".ci"))) {
        return at;
      }
    }
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("compiler"))) {
        return at;
      }
    }
    return start;
  }
}
