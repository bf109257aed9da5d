package dev.thimble.toolchain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A call of an external program. */
final class Command {
  private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(10);
  private static final int SHOWN_CHARACTERS = 4000;

  /** What stands for the exit code of a program that was stopped: that of coreutils' timeout. */
  static final int TIMED_OUT = 124;

  private final Path folder;
  private final List<String> words = new ArrayList<>();
  private Duration limit = DEFAULT_LIMIT;

  Command(Path folder, Path program) {
    this.folder = folder;
    words.add(program.toString());
  }

  Command add(String... more) {
    words.addAll(List.of(more));
    return this;
  }

  Command add(List<String> more) {
    words.addAll(more);
    return this;
  }

  /** Lets the program run for so long instead of ten minutes. */
  Command within(Duration changed) {
    limit = changed;
    return this;
  }

  /** What the program returned, and all that it printed. */
  record Result(int exitCode, String output) {}

  /** Runs the program; throws {@link ToolException} when it does not end in time. */
  Result run() throws IOException {
    Result result = runToLimit();
    if (result.exitCode() == TIMED_OUT) {
      throw new ToolException(words.getFirst() + " " + result.output());
    }
    return result;
  }

  /** Runs the program, which may be wrong: one that does not end returns {@link #TIMED_OUT}. */
  Result runToLimit() throws IOException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile());
    // Plain messages, and numbers as C writes them, whatever the user's language is.
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Result(TIMED_OUT, "did not end within " + limit.toSeconds() + " seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException(words.getFirst() + " was interrupted");
    } finally {
      process.destroyForcibly();
    }
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    Files.delete(output);
    return new Result(process.exitValue(), text);
  }

  /** Runs the program; throws {@link ToolException} with its output unless it returned 0. */
  String runOrFail() throws IOException {
    return orFail(ToolException::new);
  }

  /**
   * Runs a C compiler on the program under test; throws {@link ProgramException} with what it
   * printed unless it returned 0.
   */
  void buildOrFail() throws IOException {
    orFail(ProgramException::new);
  }

  private String orFail(Function<String, RuntimeException> failure) throws IOException {
    Result result = run();
    if (result.exitCode() != 0) {
      String output = result.output();
      throw failure.apply(
          String.join(" ", words)
              + " failed with exit code "
              + result.exitCode()
              + ":\n"
              + output.substring(0, Math.min(output.length(), SHOWN_CHARACTERS)));
    }
    return result.output();
  }
}
