package dev.thimble.cli.bench;

import dev.thimble.kernel.cost.Unit;
import dev.thimble.kernel.cost.Work;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the cycles of each kind of work from measured kernels: those, none of them negative, that
 * make the squares of the relative errors least. A small price on each keeps out kinds of work that
 * explain next to nothing.
 */
final class CostFit {
  private static final int ROUNDS = 4000;
  private static final double PRICE = 1e-3;

  /** Cycles less than this of all that a kernel took are not worth a figure. */
  private static final double NEGLIGIBLE = 1e-3;

  /** A kernel as it was measured. */
  record Sample(Work work, long cycles) {
    double share(Unit unit) {
      return (double) work.count(unit) / Math.max(1, cycles);
    }
  }

  private CostFit() {}

  /** The cycles of each unit that matters. */
  static Map<Unit, Double> fit(List<Sample> samples) {
    Unit[] units = Unit.values();
    double[] scale = new double[units.length];
    double[][] columns = new double[units.length][samples.size()];
    double[] left = new double[samples.size()];
    for (int j = 0; j < left.length; j++) {
      left[j] = 1;
      for (int i = 0; i < units.length; i++) {
        columns[i][j] = samples.get(j).share(units[i]);
        scale[i] += columns[i][j] * columns[i][j];
      }
    }
    double[] costs = new double[units.length];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < units.length; i++) {
        improve(columns[i], scale[i], left, costs, i);
      }
    }
    Map<Unit, Double> result = new EnumMap<>(Unit.class);
    for (int i = 0; i < units.length; i++) {
      double most = 0;
      for (double share : columns[i]) {
        most = Math.max(most, share * costs[i]);
      }
      if (most > NEGLIGIBLE) {
        result.put(units[i], costs[i]);
      }
    }
    return result;
  }

  /** The best cost of one unit while those of the others stay. */
  private static void improve(
      double[] column, double scale, double[] left, double[] costs, int unit) {
    if (scale == 0) {
      return;
    }
    double slope = -PRICE * Math.sqrt(scale);
    for (int j = 0; j < left.length; j++) {
      slope += column[j] * left[j];
    }
    double changed = Math.max(0, costs[unit] + slope / scale);
    for (int j = 0; j < left.length; j++) {
      left[j] -= column[j] * (changed - costs[unit]);
    }
    costs[unit] = changed;
  }

  static double error(Sample sample, Map<Unit, Double> costs) {
    double sum = 0;
    for (Map.Entry<Unit, Double> cost : costs.entrySet()) {
      sum += cost.getValue() * sample.share(cost.getKey());
    }
    return Math.abs(sum - 1);
  }

  static double meanError(List<Sample> samples, Map<Unit, Double> costs) {
    return samples.stream().mapToDouble(sample -> error(sample, costs)).average().orElse(0);
  }

  static double worstError(List<Sample> samples, Map<Unit, Double> costs) {
    return samples.stream().mapToDouble(sample -> error(sample, costs)).max().orElse(0);
  }
}
