package dev.thimble.testing;

import java.nio.file.Path;

/**
 * Test data that is too large for the repository: it lies in the folder {@code shared} beside the
 * checkout, or where the environment variable THIMBLE_SHARED says.
 */
public final class Shared {
  private Shared() {}

  /**
   * The file or folder of this relative name. Where it is missing the test is skipped by name, and
   * fails in CI.
   */
  public static Path require(String relative) {
    return Requires.present(folder().resolve(relative), "the test data " + relative);
  }

  private static Path folder() {
    String named = System.getenv("THIMBLE_SHARED");
    return named != null
        ? Path.of(named)
        : Path.of(System.getProperty("thimble.root")).resolveSibling("shared");
  }
}
