package dev.thimble.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar on stderr for work of many steps. It is drawn only where somebody watches: on a
 * terminal, and when the work turns out to be long.
 */
final class Progress implements AutoCloseable {
  private static final long PATIENCE_NANOS = Duration.ofMillis(700).toNanos();
  private static final int WIDTH = 60;

  private final String task;
  private final long steps;
  private final long start = System.nanoTime();
  private @Nullable ProgressBar bar;
  private long done;

  private Progress(String task, long steps) {
    this.task = task;
    this.steps = steps;
  }

  static Progress of(String task, long steps) {
    return new Progress(task, steps);
  }

  synchronized void step() {
    done++;
    if (bar == null && System.console() != null && System.nanoTime() - start > PATIENCE_NANOS) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(steps)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
              .build();
    }
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
