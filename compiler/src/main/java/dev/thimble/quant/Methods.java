package dev.thimble.quant;

/**
 * Which ways of losing less are tried; each is kept only where the outputs lose less on the
 * samples.
 *
 * @param equalization cross-layer equalisation
 * @param absorption high-bias absorption
 * @param correction bias correction
 * @param rounding learned rounding
 */
public record Methods(Choice equalization, Choice absorption, Choice correction, Choice rounding) {
  /** What the quality says. */
  public static final Methods DEFAULTS =
      new Methods(Choice.AUTO, Choice.AUTO, Choice.AUTO, Choice.AUTO);

  /** Whether a method is tried. */
  public enum Choice {
    /** Where the quality says so. */
    AUTO,
    ON,
    OFF;

    /** Whether to try, where the quality must be at least this by itself. */
    boolean tried(Quality quality, Quality least) {
      return switch (this) {
        case AUTO -> quality.compareTo(least) >= 0;
        case ON -> true;
        case OFF -> false;
      };
    }
  }
}
