package dev.thimble.quant;

/** The scale of a channel of few bits. */
final class FilterScale {
  /** The candidates are hundredths of the scale by which the largest weight is the last element. */
  private static final int LEAST = 5;

  private static final int MOST = 120;

  private FilterScale() {}

  /** The scale by which the rounded weights' squared errors are least; 0 for weights of 0. */
  static float of(float[] weights, WeightFormat format) {
    double largest = 0;
    double sum = 0;
    for (float weight : weights) {
      largest = Math.max(largest, Math.abs(weight));
      sum += Math.abs(weight);
    }
    if (format == WeightFormat.BINARY) {
      return (float) (sum / weights.length);
    }
    double best = Double.POSITIVE_INFINITY;
    double scale = 0;
    for (int i = LEAST; i <= MOST && largest > 0; i++) {
      double tried = largest * i / 100 / format.greatest();
      double error = error(weights, tried, format);
      if (error < best) {
        best = error;
        scale = tried;
      }
    }
    return (float) scale;
  }

  private static double error(float[] weights, double scale, WeightFormat format) {
    double error = 0;
    for (float weight : weights) {
      double each = format.nearest(weight / scale) * scale - weight;
      error += each * each;
    }
    return error;
  }
}
