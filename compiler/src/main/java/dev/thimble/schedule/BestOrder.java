package dev.thimble.schedule;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Places the buffers in several orders, each buffer at its lowest free offset, and keeps the
 * smallest arena. Every optimal plan is the outcome of some order, so where no order meets the
 * lower bound at once, a seeded local search moves the buffers that stick out to earlier turns. The
 * work is limited by a count, never by time: equal problems have equal solutions.
 */
public final class BestOrder {
  private static final int MOST_TRIALS = 2_000;
  private static final long MOST_COMPARISONS = 60_000_000;
  private static final long SEED = 20_070_1348L;

  private BestOrder() {}

  /** Solves the problem; never worse than {@link GreedyBySize}. */
  public static Offsets.Solution solve(Offsets.Problem problem) {
    long bound = problem.lowerBound();
    Offsets.Solution best = GreedyBySize.solve(problem);
    int[] bestOrder = order(problem, bySize());
    for (Comparator<Buffer> comparator : orders()) {
      if (best.size() <= bound) {
        return best;
      }
      int[] order = order(problem, comparator);
      Offsets.Solution solution = GreedyBySize.place(problem, order);
      if (solution.size() < best.size()) {
        best = solution;
        bestOrder = order;
      }
    }
    return best.size() <= bound ? best : improved(problem, best, bestOrder, bound);
  }

  private static Comparator<Buffer> bySize() {
    return Comparator.comparingLong((Buffer b) -> -b.bytes()).thenComparingInt(Buffer::first);
  }

  private static List<Comparator<Buffer>> orders() {
    Comparator<Buffer> byArea = Comparator.comparingLong(b -> -b.bytes() * duration(b));
    Comparator<Buffer> byDuration = Comparator.comparingLong(b -> -duration(b));
    Comparator<Buffer> byFirst = Comparator.comparingInt(Buffer::first);
    Comparator<Buffer> byLast = Comparator.comparingInt(b -> -b.last());
    return List.of(
        byArea.thenComparing(bySize()),
        byDuration.thenComparing(bySize()),
        byFirst.thenComparing(bySize()),
        byLast.thenComparing(bySize()));
  }

  private static long duration(Buffer buffer) {
    return (long) buffer.last() - buffer.first() + 1;
  }

  private static int[] order(Offsets.Problem problem, Comparator<Buffer> comparator) {
    return IntStream.range(0, problem.buffers().size())
        .boxed()
        .sorted((a, b) -> comparator.compare(problem.buffers().get(a), problem.buffers().get(b)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Offsets.Solution improved(
      Offsets.Problem problem, Offsets.Solution start, int[] startOrder, long bound) {
    SplittableRandom random = new SplittableRandom(SEED);
    Offsets.Solution best = start;
    Offsets.Solution current = start;
    int[] order = startOrder;
    long square = (long) order.length * order.length;
    long trials = Math.min(MOST_TRIALS, MOST_COMPARISONS / Math.max(1, square));
    for (long trial = 0; trial < trials && best.size() > bound; trial++) {
      int[] changed = promoted(problem, current, order, random);
      Offsets.Solution solution = GreedyBySize.place(problem, changed);
      if (solution.size() <= current.size()) {
        current = solution;
        order = changed;
      }
      if (solution.size() < best.size()) {
        best = solution;
      }
    }
    return best;
  }

  /** The order with one buffer moved to an earlier turn: a topmost one every other time. */
  private static int[] promoted(
      Offsets.Problem problem, Offsets.Solution solution, int[] order, SplittableRandom random) {
    int from = random.nextInt(order.length);
    if (random.nextBoolean()) {
      int[] top =
          IntStream.range(0, order.length)
              .filter(i ->
                  solution.offsets().get(order[i]) + problem.buffers().get(order[i]).bytes()
                      == solution.size())
              .toArray();
      from = top[random.nextInt(top.length)];
    }
    int to = random.nextInt(from + 1);
    int[] changed = Arrays.copyOf(order, order.length);
    System.arraycopy(order, to, changed, to + 1, from - to);
    changed[to] = order[from];
    return changed;
  }
}
