package dev.thimble.quant;

import java.util.List;

/** Second moments of a channel's inputs, about their means where the bias makes up for these. */
record Moments(double[] products, double[] means, double damping, int count) {
  /** What is added to their diagonal, as a part of its mean: samples do not show everything. */
  private static final double DAMPING = 0.01;

  static final Moments NONE = new Moments(new double[0], new double[0], 0, 0);

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

  /** The products of the inputs with the wanted output, and its mean. */
  record Wanted(double[] products, double mean) {}

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

  /** The mean output of these elements. */
  double mean(int[] elements, double scale) {
    double mean = 0;
    for (int i = 0; i < elements.length; i++) {
      mean += scale * elements[i] * means[i];
    }
    return mean;
  }
}
