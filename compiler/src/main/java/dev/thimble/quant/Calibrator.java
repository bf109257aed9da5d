package dev.thimble.quant;

import java.util.List;
import java.util.Locale;

/** How the range of a tensor is chosen from what samples showed of it. */
public enum Calibrator {
  /** From the smallest to the largest number seen. */
  MIN_MAX,
  /** The moving average of each sample's smallest and largest number; the newest weighs 1 %. */
  MOVING_AVERAGE,
  /** Without the outermost 0.01 % of the numbers. */
  PERCENTILE,
  /** The clipping whose quantised distribution has the least relative entropy. */
  ENTROPY,
  /** The clipping with the least squared error. */
  MSE,
  /** Whichever of the others loses least. */
  AUTO;

  private static final List<Calibrator> SINGLE =
      List.of(MIN_MAX, MOVING_AVERAGE, PERCENTILE, ENTROPY, MSE);

  /** The calibrators other than {@link #AUTO}. */
  public static List<Calibrator> single() {
    return SINGLE;
  }

  /** The name that options use, such as {@code min-max}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The range of a tensor; {@link #AUTO} takes the one of least squared error. */
  Range range(ValueStatistics statistics) {
    Range seen = statistics.seen();
    return switch (this) {
      case MIN_MAX -> seen;
      case MOVING_AVERAGE -> statistics.average();
      case PERCENTILE -> Clipping.percentile(statistics.histogram(), seen);
      case ENTROPY -> EntropyClipping.range(statistics.histogram(), seen);
      case MSE -> Clipping.leastSquares(statistics.histogram(), seen);
      case AUTO -> best(statistics);
    };
  }

  private static Range best(ValueStatistics statistics) {
    Range best = MIN_MAX.range(statistics);
    double least = statistics.histogram().squaredError(best);
    for (Calibrator each : SINGLE) {
      Range range = each.range(statistics);
      double error = statistics.histogram().squaredError(range);
      if (error < least) {
        least = error;
        best = range;
      }
    }
    return best;
  }
}
