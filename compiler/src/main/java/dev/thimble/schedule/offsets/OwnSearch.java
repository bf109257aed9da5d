package dev.thimble.schedule.offsets;

import java.util.function.Supplier;

/**
 * Exact search in plain Java, limited by a number of nodes. Plain buffers are searched in canonical
 * order, in the spirit of minimalloc (Moffitt 2023); all else by the sides on which pairs of blocks
 * lie of each other.
 */
public final class OwnSearch {
  static final String NAME = "own";

  /** The nodes of a search for up to {@link #FULL_BLOCKS} blocks; for more there are fewer. */
  private static final long MOST_NODES = 4_000_000;

  private static final int FULL_BLOCKS = 500;

  /** A model of this many pairs of any kind fills some hundred megabytes. */
  private static final int MOST_PAIRS = 1_000_000;

  private static final long STACK_BYTES = 1L << 29;

  private OwnSearch() {}

  /** Solves the problem: optimal, or with the gap that the limit left. */
  public static Solution solve(Problem problem) {
    Conflicts conflicts = Conflicts.of(problem);
    return improve(problem, conflicts, Greedy.solve(problem, conflicts), MOST_NODES, NAME);
  }

  static Solution improve(Problem problem, Conflicts conflicts, Solution start, String solver) {
    return improve(problem, conflicts, start, MOST_NODES, solver);
  }

  /** A solution that is not worse than the start. */
  static Solution improve(
      Problem problem, Conflicts conflicts, Solution start, long mostNodes, String solver) {
    if (start.gap() == 0) {
      return start;
    }
    long nodes = Math.max(1, mostNodes * FULL_BLOCKS / Math.max(FULL_BLOCKS, conflicts.count));
    if (RestartSearch.takes(conflicts)) {
      Descent.Decision search = new RestartSearch(conflicts);
      return deep(() -> Descent.solve(problem, conflicts.unit(), search, start, nodes, solver));
    }
    if (conflicts.to.length / 2 <= MOST_PAIRS) {
      Descent.Decision search = new DisjunctiveSearch(conflicts);
      long fewer = Math.max(1, nodes / 20);
      return deep(() -> Descent.solve(problem, conflicts.unit(), search, start, fewer, solver));
    }
    return start;
  }

  /** Runs a recursive search on a stack that is large enough for it. */
  private static Solution deep(Supplier<Solution> search) {
    Solution[] found = new Solution[1];
    Throwable[] failed = new Throwable[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                found[0] = search.get();
              } catch (RuntimeException | Error e) {
                failed[0] = e;
              }
            },
            "offsets",
            STACK_BYTES);
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failed[0] != null) {
      throw new IllegalStateException("the search for offsets failed", failed[0]);
    }
    return found[0];
  }
}
