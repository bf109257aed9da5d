package dev.thimble.quant;

/** Ranges that leave outermost numbers out. */
final class Clipping {
  /** The part of the numbers that a percentile leaves out on each side. */
  private static final double OUTSIDE = 0.0001;

  /** Clippings tried on each side: from all that was seen down to a tenth. */
  private static final int TRIALS = 90;

  private static final int ROUNDS = 2;

  private Clipping() {}

  /** The range without the smallest 0.01 % and the largest 0.01 % of the numbers. */
  static Range percentile(Histogram histogram, Range seen) {
    return percentile(histogram, seen, OUTSIDE);
  }

  /** The range without this part of the numbers on each side. */
  static Range percentile(Histogram histogram, Range seen, double part) {
    long outside = (long) (histogram.count() * part);
    long below = 0;
    int low = 0;
    while (low < Histogram.SIDE && below + histogram.at(low) <= outside) {
      below += histogram.at(low++);
    }
    long above = 0;
    int high = histogram.bins() - 1;
    while (high >= Histogram.SIDE && above + histogram.at(high) <= outside) {
      above += histogram.at(high--);
    }
    double half = histogram.width() / 2;
    return new Range(
        Math.max(seen.min(), (float) (histogram.middle(low) - half)),
        Math.min(seen.max(), (float) (histogram.middle(high) + half)));
  }

  /** The range of least squared error, its ends searched in turn. */
  static Range leastSquares(Histogram histogram, Range seen) {
    Range best = seen;
    double least = histogram.squaredError(seen);
    for (int round = 0; round < ROUNDS; round++) {
      for (int trial = 1; trial < TRIALS; trial++) {
        float factor = 1 - trial / 100f;
        for (boolean upper : new boolean[] {true, false}) {
          Range range =
              upper
                  ? new Range(best.min(), seen.max() * factor)
                  : new Range(seen.min() * factor, best.max());
          double error = histogram.squaredError(range);
          if (error < least) {
            least = error;
            best = range;
          }
        }
      }
    }
    return best;
  }
}
