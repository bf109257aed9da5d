package dev.thimble.schedule.order;

import java.util.TreeSet;

/**
 * Kahn's algorithm with a choice: of the tasks that can run, one that frees memory without raising
 * the peak; failing that, the one that raises the peak least, then the one that leaves least.
 *
 * <p>Source: A. B. Kahn, Topological sorting of large networks, CACM 5 (1962).
 */
final class Greedy {
  /** So many of the tasks that can run are looked at, in the given order. */
  private static final int MOST_CANDIDATES = 400;

  private Greedy() {}

  static int[] order(Flow flow) {
    Progress progress = new Progress(flow);
    TreeSet<Integer> ready = new TreeSet<>();
    for (int t = 0; t < flow.tasks; t++) {
      if (progress.isReady(t)) {
        ready.add(t);
      }
    }
    int[] order = new int[flow.tasks];
    for (int i = 0; i < order.length; i++) {
      int task = best(ready, progress);
      ready.remove(task);
      progress.run(task);
      order[i] = task;
      for (int next : flow.after[task]) {
        if (progress.isReady(next)) {
          ready.add(next);
        }
      }
    }
    return order;
  }

  private static int best(TreeSet<Integer> ready, Progress progress) {
    int best = ready.getFirst();
    long bestPeak = Long.MAX_VALUE;
    long bestGrowth = Long.MAX_VALUE;
    int seen = 0;
    for (int task : ready) {
      long peak = Math.max(progress.peak(), progress.need(task));
      long growth = progress.growth(task);
      if (growth <= 0 && peak == progress.peak()) {
        return task;
      }
      if (peak < bestPeak || (peak == bestPeak && growth < bestGrowth)) {
        best = task;
        bestPeak = peak;
        bestGrowth = growth;
      }
      if (++seen == MOST_CANDIDATES) {
        break;
      }
    }
    return best;
  }
}
