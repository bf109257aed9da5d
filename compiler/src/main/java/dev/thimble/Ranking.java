package dev.thimble;

import java.util.Arrays;

/** Figures of the order in which scores put samples. */
final class Ranking {
  private double[] scores = new double[64];
  private int count;

  void add(double score) {
    if (count == scores.length) {
      scores = Arrays.copyOf(scores, 2 * count);
    }
    scores[count++] = score;
  }

  /** The place of each sample, counted from 1; equals share the mean of theirs. */
  private double[] ranks() {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
    double[] ranks = new double[count];
    for (int start = 0; start < count; ) {
      int end = start + 1;
      while (end < count && scores[order[end]] == scores[order[start]]) {
        end++;
      }
      for (int i = start; i < end; i++) {
        ranks[order[i]] = (start + 1 + end) / 2.0;
      }
      start = end;
    }
    return ranks;
  }

  /**
   * The area under the curve of true against false positives: how likely a sample that is meant
   * scores higher than one that is not, with equals for a half. Not a number where all are or none
   * is.
   */
  double area(boolean[] meant) {
    double[] ranks = ranks();
    double sum = 0;
    long positives = 0;
    for (int i = 0; i < count; i++) {
      sum += meant[i] ? ranks[i] : 0;
      positives += meant[i] ? 1 : 0;
    }
    long negatives = count - positives;
    return (sum - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
  }

  /** Spearman's correlation of two orders of the same samples; not a number if one has no order. */
  double correlation(Ranking other) {
    double[] mine = ranks();
    double[] others = other.ranks();
    double mean = (count + 1) / 2.0;
    double both = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < count; i++) {
      both += (mine[i] - mean) * (others[i] - mean);
      first += (mine[i] - mean) * (mine[i] - mean);
      second += (others[i] - mean) * (others[i] - mean);
    }
    return both / Math.sqrt(first * second);
  }
}
