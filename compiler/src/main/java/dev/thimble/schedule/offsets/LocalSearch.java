package dev.thimble.schedule.offsets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Places the blocks in several orders, each at its lowest allowed offset, and keeps the smallest
 * arena. Where no order meets the lower bound, plain buffers are given to a short canonical search;
 * then the orders are changed at random, by a fixed seed: a block that reaches the top, or one that
 * carries it, moves to an earlier turn. The work is limited by a count, never by time.
 */
public final class LocalSearch {
  static final String NAME = "local";
  private static final int MOST_TRIALS = 4_000;
  private static final long MOST_COMPARISONS = 25_000_000;
  private static final long MOST_NODES = 20_000;
  private static final int MEMORY = 20;
  private static final long SEED = 20_070_1348L;

  private final Problem problem;
  private final Conflicts conflicts;
  private final Placement placement;
  private Solution best;
  private int[] bestOrder;

  private LocalSearch(Problem problem, Conflicts conflicts, Solution start) {
    this.problem = problem;
    this.conflicts = conflicts;
    placement = new Placement(conflicts);
    best = start;
    bestOrder = Greedy.order(conflicts, Greedy.bySize(conflicts));
  }

  /** Solves the problem; never worse than {@link Greedy}. */
  public static Solution solve(Problem problem) {
    Conflicts conflicts = Conflicts.of(problem);
    return improve(problem, conflicts, Greedy.solve(problem, conflicts));
  }

  /** A solution that is not worse than the start. */
  static Solution improve(Problem problem, Conflicts conflicts, Solution start) {
    LocalSearch search = new LocalSearch(problem, conflicts, start);
    search.tryOrders();
    if (search.best.gap() > 0 && RestartSearch.takes(conflicts)) {
      search.best = OwnSearch.improve(problem, conflicts, search.best, MOST_NODES, NAME);
    }
    if (search.best.gap() > 0) {
      search.changeOrders();
    }
    return search.best;
  }

  private void tryOrders() {
    Comparator<Integer> byArea =
        Comparator.comparingDouble(i -> -(double) conflicts.bytes[i] * ticks(i));
    Comparator<Integer> byTicks = Comparator.comparingLong(i -> -ticks(i));
    Comparator<Integer> byFirst = Comparator.comparingInt(i -> conflicts.first[i]);
    Comparator<Integer> byLast = Comparator.comparingInt(i -> -conflicts.last[i]);
    for (Comparator<Integer> order : List.of(byArea, byTicks, byFirst, byLast)) {
      if (best.gap() == 0) {
        return;
      }
      keep(Greedy.order(conflicts, order.thenComparing(Greedy.bySize(conflicts))));
    }
  }

  private long ticks(int block) {
    return (long) conflicts.last[block] - conflicts.first[block] + 1;
  }

  /** Places the blocks in this order and keeps the solution if it is the smallest so far. */
  private long[] keep(int[] order) {
    long[] offsets = placement.place(order);
    if (conflicts.size(offsets) < best.size()) {
      best = Solution.of(problem, offsets, best.bound(), NAME);
      bestOrder = order;
    }
    return offsets;
  }

  /** Accepts what is not larger than it was some trials ago, so that it leaves shallow pits. */
  private void changeOrders() {
    SplittableRandom random = new SplittableRandom(SEED);
    int[] order = byOffset(best);
    if (conflicts.size(placement.place(order)) > best.size()) {
      order = bestOrder;
    }
    long[] offsets = placement.place(order);
    long size = conflicts.size(offsets);
    long[] before = new long[MEMORY];
    Arrays.fill(before, size);
    long work = Math.max(1, conflicts.to.length + conflicts.count);
    long trials = Math.min(MOST_TRIALS, MOST_COMPARISONS / work);
    for (int trial = 0; trial < trials && best.gap() > 0; trial++) {
      int[] changed = changed(order, offsets, size, random);
      long[] placed = keep(changed);
      long reached = conflicts.size(placed);
      if (reached <= size || reached <= before[trial % MEMORY]) {
        order = changed;
        offsets = placed;
        size = reached;
      }
      before[trial % MEMORY] = size;
    }
  }

  /** By rising offset: placed in this order, no plain buffer lies higher than it did. */
  private int[] byOffset(Solution solution) {
    return Greedy.order(conflicts, Comparator.comparingLong(i -> solution.offsets().get(i)));
  }

  /** The order with one block moved to an earlier turn. */
  private int[] changed(int[] order, long[] offsets, long size, SplittableRandom random) {
    int block = order[random.nextInt(order.length)];
    if (random.nextInt(4) > 0) {
      block = onTheWayUp(offsets, size, random);
    }
    int from = 0;
    while (order[from] != block) {
      from++;
    }
    int to = random.nextInt(from + 1);
    int[] changed = Arrays.copyOf(order, order.length);
    System.arraycopy(order, to, changed, to + 1, from - to);
    changed[to] = block;
    return changed;
  }

  /** A block that reaches the top, or goes down from there a random number of times. */
  private int onTheWayUp(long[] offsets, long size, SplittableRandom random) {
    List<Integer> choice = new ArrayList<>();
    for (int i = 0; i < conflicts.count; i++) {
      if (offsets[i] + conflicts.bytes[i] == size) {
        choice.add(i);
      }
    }
    int block = choice.get(random.nextInt(choice.size()));
    while (random.nextBoolean()) {
      choice.clear();
      for (int edge = conflicts.from[block]; edge < conflicts.from[block + 1]; edge++) {
        int other = conflicts.to[edge];
        if (offsets[other] + conflicts.bytes[other] == offsets[block]) {
          choice.add(other);
        }
      }
      if (choice.isEmpty()) {
        break;
      }
      block = choice.get(random.nextInt(choice.size()));
    }
    return block;
  }
}
