package dev.thimble;

import java.util.Locale;
import java.util.function.Supplier;

/** The stages of a compilation, in their order. */
public enum Stage {
  IMPORT,
  DECIDE,
  REWRITE,
  SCHEDULE,
  CODEGEN;

  /** The name that {@code --dump-after} takes. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Hears of each stage when it is done. */
  @FunctionalInterface
  public interface Listener {
    /** Passes nothing on. */
    Listener NONE = (stage, text) -> {};

    /** {@code text} makes the stage's result as text: up to the schedule, a graph's. */
    void done(Stage stage, Supplier<String> text);
  }
}
