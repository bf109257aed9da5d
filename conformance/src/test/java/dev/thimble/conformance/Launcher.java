package dev.thimble.conformance;

import dev.thimble.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls the launcher at the repository's root, as a user does. */
final class Launcher {
  static final Path ROOT = Path.of(System.getProperty("thimble.root"));

  private Launcher() {}

  /** What a call printed, and its exit code. */
  record Result(int exitCode, String out, String err) {}

  static Result run(Object... arguments) throws IOException, InterruptedException {
    return run(Map.of(), arguments);
  }

  /** Calls it with variables of the environment changed. */
  static Result run(Map<String, String> environment, Object... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(Requires.present(ROOT.resolve("thimble"), "the launcher").toString());
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return call(environment, words);
  }

  /** Calls any program. */
  static Result call(Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().put("THIMBLE_BUILD", "never");
      builder.environment().putAll(environment);
      int exitCode = builder.start().waitFor();
      return new Result(exitCode, Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
