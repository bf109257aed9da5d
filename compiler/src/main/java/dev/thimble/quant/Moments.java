package dev.thimble.quant;

import java.util.List;

/**
 * Second moments of the n inputs that one output channel multiplies with its weights: what says how
 * much an error of each weight costs, alone and together with others.
 *
 * @param products [n][n], the sums of products of two inputs over all patches; about their means
 *     where the moments are centred, since a bias then makes up for the means
 * @param means [n], the inputs' means; 0 where the moments are not centred
 * @param damping what was added to the diagonal
 * @param count how many patches there are
 */
record Moments(double[] products, double[] means, double damping, int count) {
  /** What is added to the diagonal, as a part of its mean: samples do not show everything. */
  private static final double DAMPING = 0.01;

  static final Moments NONE = new Moments(new double[0], new double[0], 0, 0);

  /**
   * The moments of some inputs.
   *
   * @param patches for each position of the filter what it covers there
   * @param from the index in a patch of the channel's first input
   * @param length how many inputs the channel has
   */
  static Moments of(List<float[]> patches, int from, int length, boolean centred) {
    double[] means = new double[length];
    if (centred) {
      for (float[] patch : patches) {
        for (int i = 0; i < length; i++) {
          means[i] += (double) patch[from + i] / patches.size();
        }
      }
    }
    double[] products = new double[length * length];
    for (float[] patch : patches) {
      for (int i = 0; i < length; i++) {
        double x = patch[from + i];
        if (x != 0) {
          for (int j = 0; j <= i; j++) {
            products[i * length + j] += x * patch[from + j];
          }
        }
      }
    }
    double trace = 0;
    for (int i = 0; i < length; i++) {
      for (int j = 0; j <= i; j++) {
        products[i * length + j] -= patches.size() * means[i] * means[j];
        products[j * length + i] = products[i * length + j];
      }
      trace += products[i * length + i];
    }
    double damping = DAMPING * trace / length;
    for (int i = 0; i < length; i++) {
      products[i * length + i] += damping;
    }
    return new Moments(products, means, damping, patches.size());
  }

  /**
   * What a channel's weights should give.
   *
   * @param products [n], the sums of products of each input with the wanted output
   * @param mean the mean of the wanted output
   */
  record Wanted(double[] products, double mean) {}

  /**
   * What a channel should give: what its float weights make of the float network's inputs, where
   * the quantised network gives it others.
   *
   * @param exact patches of the float network
   * @param present patches of the quantised one, at the same positions
   */
  Wanted wanted(
      List<float[]> exact, List<float[]> present, int from, float[] weights, boolean centred) {
    double[] sums = new double[weights.length];
    double total = 0;
    for (int p = 0; p < exact.size(); p++) {
      double output = 0;
      for (int i = 0; i < weights.length; i++) {
        output += (double) weights[i] * exact.get(p)[from + i];
      }
      total += output;
      for (int i = 0; i < weights.length; i++) {
        sums[i] += output * present.get(p)[from + i];
      }
    }
    for (int i = 0; i < weights.length; i++) {
      sums[i] += damping * weights[i] - (centred ? total * means[i] : 0);
    }
    return new Wanted(sums, total / Math.max(1, exact.size()));
  }

  /** The mean output of a channel whose weights are these elements times a scale. */
  double mean(int[] elements, double scale) {
    double mean = 0;
    for (int i = 0; i < elements.length; i++) {
      mean += scale * elements[i] * means[i];
    }
    return mean;
  }
}
