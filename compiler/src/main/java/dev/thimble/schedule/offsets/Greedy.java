package dev.thimble.schedule.offsets;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Places the largest block first, each at its lowest allowed offset. Blocks of equal size are
 * placed by first use, then in the problem's order. For plain buffers this is the order of
 * Pisarchyk and Lee 2020 (arXiv 2001.03288) and of TensorFlow Lite Micro's GreedyMemoryPlanner, so
 * that figures compare.
 */
public final class Greedy {
  static final String NAME = "greedy";

  private Greedy() {}

  /** Solves the problem, in time nearly linear in the number of pairs that meet in time. */
  public static Solution solve(Problem problem) {
    return solve(problem, Conflicts.of(problem));
  }

  static Solution solve(Problem problem, Conflicts conflicts) {
    long[] offsets = new Placement(conflicts).place(order(conflicts, bySize(conflicts)));
    return Solution.of(problem, offsets, conflicts.lowerBound, NAME);
  }

  static Comparator<Integer> bySize(Conflicts conflicts) {
    return Comparator.comparingLong((Integer i) -> -conflicts.bytes[i])
        .thenComparingInt(i -> conflicts.first[i]);
  }

  static int[] order(Conflicts conflicts, Comparator<Integer> comparator) {
    return IntStream.range(0, conflicts.count)
        .boxed()
        .sorted(comparator)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
