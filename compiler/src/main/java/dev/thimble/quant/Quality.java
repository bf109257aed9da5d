package dev.thimble.quant;

import java.util.Locale;

/** How much work goes into losing less by quantisation. */
public enum Quality {
  /** Ranges from one pass over the samples. */
  FAST,
  /** Ranges, equalised channels and corrected biases, each kept where it loses less. */
  BALANCED,
  /** That, and filters whose rounding is chosen by what it does to the outputs. */
  BEST;

  /** The name that options use. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
