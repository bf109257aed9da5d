package dev.thimble.quant;

import java.util.Arrays;

/**
 * How often real numbers occur, in bins of one width on both sides of zero. The width is a power of
 * two that follows from the largest magnitude alone, and counts are whole numbers, so the histogram
 * of some numbers is the same in whichever order and groups they come.
 */
final class Histogram {
  /** Bins on each side of zero; a power of two. */
  static final int SIDE = 4096;

  private static final int SIDE_EXPONENT = Integer.numberOfTrailingZeros(SIDE);
  private static final int SMALLEST_EXPONENT = -100;

  private final long[] bins = new long[2 * SIDE];
  private int exponent = SMALLEST_EXPONENT;
  private long zeros;
  private long count;

  /** Counts finite numbers of which none exceeds a magnitude. */
  void add(float[] values, float largest) {
    fit(largest);
    double perWidth = Math.scalb(1.0, -exponent);
    for (float value : values) {
      if (value == 0) {
        zeros++;
      } else {
        bins[SIDE + (int) Math.floor(value * perWidth)]++;
      }
    }
    count += values.length;
  }

  /** Adds the counts of another histogram, which is left as it is or with wider bins. */
  void add(Histogram other) {
    int common = Math.max(exponent, other.exponent);
    widen(common);
    other.widen(common);
    for (int i = 0; i < bins.length; i++) {
      bins[i] += other.bins[i];
    }
    zeros += other.zeros;
    count += other.count;
  }

  private void fit(float largest) {
    // A number that is the bound itself still falls below it, by one exponent.
    if (largest > 0) {
      widen(Math.max(exponent, Math.getExponent(largest) + 1 - SIDE_EXPONENT));
    }
  }

  private void widen(int to) {
    int by = Math.min(to - exponent, SIDE_EXPONENT + 1);
    if (by <= 0) {
      exponent = Math.max(exponent, to);
      return;
    }
    long[] before = bins.clone();
    Arrays.fill(bins, 0);
    for (int i = 0; i < before.length; i++) {
      bins[SIDE + ((i - SIDE) >> by)] += before[i];
    }
    exponent = to;
  }

  long count() {
    return count;
  }

  long zeros() {
    return zeros;
  }

  int bins() {
    return bins.length;
  }

  long at(int bin) {
    return bins[bin];
  }

  double width() {
    return Math.scalb(1.0, exponent);
  }

  /** The middle of a bin. */
  double middle(int bin) {
    return (bin - SIDE + 0.5) * width();
  }

  /** The bin of a number, the outermost for one that lies beyond. */
  int bin(double value) {
    return (int) Math.clamp(Math.floor(value / width()) + SIDE, 0, bins.length - 1);
  }

  /** The sum of squared errors when these numbers are stored as int8 of a range. */
  double squaredError(Range range) {
    double scale = range.scale();
    int zeroPoint = range.zeroPoint();
    double sum = 0;
    for (int i = 0; i < bins.length; i++) {
      if (bins[i] > 0) {
        double real = middle(i);
        long stored = Math.clamp(Math.round(real / scale) + zeroPoint, -128L, 127L);
        double error = real - scale * (stored - zeroPoint);
        sum += bins[i] * error * error;
      }
    }
    return sum;
  }
}
