package dev.thimble.quant.fold;

import java.util.Optional;

/**
 * Floats that are all integers times one scale. Whatever a file's weights went through, quantised
 * ones lie on such a grid, and no others do: the scale is found from the floats themselves.
 *
 * @param scale the distance of neighbours on the grid
 * @param steps each float in units of the scale
 */
record WeightGrid(double scale, int[] steps) {
  /** The most units of a float: a difference of two bytes. */
  private static final int MOST = 255;

  /** How many units a float of int8 may have. */
  private static final int INT8 = Byte.MAX_VALUE;

  /** The rounding errors of a float that was computed by few steps, in units of its last place. */
  private static final double ERROR = 1.5;

  /**
   * The grid of these floats, the finest that keeps them within int8 where that can be; nothing
   * where they lie on none. A grid of zeros only has the scale 0.
   */
  static Optional<WeightGrid> of(float[] floats) {
    return of(floats, true);
  }

  /** The grid of these floats, as {@link #of} says or else the coarsest. */
  static Optional<WeightGrid> of(float[] floats, boolean fine) {
    float largest = 0;
    for (float value : floats) {
      if (!Float.isFinite(value)) {
        return Optional.empty();
      }
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest == 0) {
      return Optional.of(new WeightGrid(0, new int[floats.length]));
    }
    if (largest < Float.MIN_NORMAL * (1 << 24)) {
      return Optional.empty();
    }
    for (int steps = 1; steps <= MOST; steps++) {
      double scale = scale(floats, largest, steps);
      if (scale > 0) {
        int finer = fine ? Math.max(1, INT8 / steps) : 1;
        return Optional.of(counted(floats, scale / finer));
      }
    }
    return Optional.empty();
  }

  /** The scale by which the largest float is so many steps and all others whole; 0 if none is. */
  private static double scale(float[] floats, float largest, int steps) {
    double error = ERROR * Math.ulp(largest);
    double low = (largest - error) / steps;
    double high = (largest + error) / steps;
    for (float value : floats) {
      double magnitude = Math.abs(value);
      long count = Math.round(magnitude / ((low + high) / 2));
      if (count == 0) {
        if (magnitude != 0) {
          return 0;
        }
        continue;
      }
      double tolerance = ERROR * Math.ulp((float) magnitude);
      low = Math.max(low, (magnitude - tolerance) / count);
      high = Math.min(high, (magnitude + tolerance) / count);
      if (low > high) {
        return 0;
      }
    }
    return (low + high) / 2;
  }

  private static WeightGrid counted(float[] floats, double scale) {
    int[] steps = new int[floats.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (int) Math.rint(floats[i] / scale);
    }
    return new WeightGrid(scale, steps);
  }

  int lowest() {
    int lowest = 0;
    for (int step : steps) {
      lowest = Math.min(lowest, step);
    }
    return lowest;
  }

  int highest() {
    int highest = 0;
    for (int step : steps) {
      highest = Math.max(highest, step);
    }
    return highest;
  }

  /** Whether the steps are int8 as they are. */
  boolean isInt8() {
    return lowest() >= Byte.MIN_VALUE && highest() <= Byte.MAX_VALUE;
  }

  /** The magnitudes of all steps together. */
  long sum() {
    long sum = 0;
    for (int step : steps) {
      sum += Math.abs(step);
    }
    return sum;
  }
}
