package dev.thimble.quant;

/**
 * The clipping that keeps most of a distribution's information: of all that are tried, the one
 * whose quantised distribution has the least relative entropy (Kullback-Leibler divergence) to the
 * clipped one, as TensorRT's entropy calibration has it, here with both sides clipped in
 * proportion.
 */
final class EntropyClipping {
  private static final int TRIALS = 96;
  private static final int LEVELS = 256;

  private EntropyClipping() {}

  /** The range of least relative entropy; all that was seen where every clipping is alike. */
  static Range range(Histogram histogram, Range seen) {
    Range best = seen;
    double least = divergence(histogram, seen);
    for (int trial = 1; trial < TRIALS; trial++) {
      float factor = 1 - trial / (float) (TRIALS + 4);
      Range range = new Range(seen.min() * factor, seen.max() * factor);
      double divergence = divergence(histogram, range);
      if (divergence < least) {
        least = divergence;
        best = range;
      }
    }
    return best;
  }

  private static double divergence(Histogram histogram, Range range) {
    int low = histogram.bin(range.min());
    int high = histogram.bin(range.max());
    double[] clipped = new double[high - low + 1];
    double[] kept = new double[clipped.length];
    for (int i = 0; i < histogram.bins(); i++) {
      clipped[Math.clamp(i, low, high) - low] += histogram.at(i);
      if (i >= low && i <= high) {
        kept[i - low] += histogram.at(i);
      }
    }
    // Zeros are stored exactly whatever the range is, hence take no part.
    return divergence(clipped, spread(kept));
  }

  /** The counts that remain when bins share levels: each level's count, over its bins in use. */
  private static double[] spread(double[] kept) {
    double[] spread = new double[kept.length];
    for (int level = 0; level < LEVELS; level++) {
      int from = (int) ((long) level * kept.length / LEVELS);
      int to = (int) ((level + 1L) * kept.length / LEVELS);
      double sum = 0;
      int used = 0;
      for (int i = from; i < to; i++) {
        sum += kept[i];
        used += kept[i] > 0 ? 1 : 0;
      }
      for (int i = from; i < to; i++) {
        spread[i] = kept[i] > 0 ? sum / used : 0;
      }
    }
    return spread;
  }

  /** The relative entropy of the first to the second; what the second lacks counts as rare. */
  private static double divergence(double[] p, double[] q) {
    double sumP = 0;
    double sumQ = 0;
    for (int i = 0; i < p.length; i++) {
      sumP += p[i];
      sumQ += q[i];
    }
    double sum = 0;
    double rare = 1e-4 / Math.max(sumQ, 1);
    for (int i = 0; i < p.length; i++) {
      if (p[i] > 0) {
        sum += p[i] / sumP * Math.log(p[i] / sumP / Math.max(q[i] / Math.max(sumQ, 1), rare));
      }
    }
    return sum;
  }
}
