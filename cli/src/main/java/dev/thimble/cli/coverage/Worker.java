package dev.thimble.cli.coverage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that examines models one after the other. A model that takes too long, or that ends the
 * process, costs this process alone: the next model gets a new one.
 */
final class Worker implements AutoCloseable {
  private static final String END = "";

  private final List<String> command;
  private final int seconds;
  private @Nullable Process process;
  private LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();

  Worker(List<String> command, int seconds) {
    this.command = List.copyOf(command);
    this.seconds = seconds;
  }

  /** The line that the process answers; nothing where it ended or took too long. */
  Optional<String> ask(Path file) throws IOException {
    Process running = process;
    if (running == null || !running.isAlive()) {
      running = start();
    }
    try {
      OutputStream to = running.getOutputStream();
      to.write((file + "\n").getBytes(StandardCharsets.UTF_8));
      to.flush();
      String answer = answers.poll(seconds, TimeUnit.SECONDS);
      if (answer == null || answer.equals(END)) {
        close();
        return Optional.empty();
      }
      return Optional.of(answer);
    } catch (IOException e) {
      close();
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Process start() throws IOException {
    Process started =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofVirtual().start(() -> read(started, lines));
    process = started;
    answers = lines;
    return started;
  }

  private static void read(Process process, LinkedBlockingQueue<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        // Runtimes print to stdout too; only the answer is JSON.
        if (line.startsWith("{\"")) {
          lines.add(line);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // The process was ended; whoever waits learns it below.
    }
    lines.add(END);
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
    }
    process = null;
  }
}
