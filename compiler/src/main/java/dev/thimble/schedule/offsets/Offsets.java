package dev.thimble.schedule.offsets;

/**
 * Offset assignment: the front of all solvers. Equal problems and efforts have equal solutions, on
 * every machine with the same solvers.
 */
public final class Offsets {
  private Offsets() {}

  /**
   * Solves a problem: greedily, then by local search where the lower bound is not met, then, if the
   * effort says so, exactly. Plain buffers go to {@link OwnSearch} before CP-SAT, since it is by
   * far the faster of the two with them; all else goes to CP-SAT.
   */
  public static Solution solve(Problem problem, Effort effort) {
    Conflicts conflicts = Conflicts.of(problem);
    Solution solution = Greedy.solve(problem, conflicts);
    if (solution.gap() > 0) {
      solution = LocalSearch.improve(problem, conflicts, solution);
    }
    return switch (effort) {
      case FAST -> solution;
      case EXACT -> exact(problem, conflicts, solution);
    };
  }

  private static Solution exact(Problem problem, Conflicts conflicts, Solution start) {
    Solution solution = start;
    boolean plain = RestartSearch.takes(conflicts);
    if (solution.gap() > 0 && plain) {
      solution = OwnSearch.improve(problem, conflicts, solution, OwnSearch.NAME);
    }
    // Without CP-SAT our own search would only repeat itself.
    if (solution.gap() > 0 && (!plain || ConstraintModel.loadNatives())) {
      solution = ExactSearch.improve(problem, conflicts, solution);
    }
    return solution;
  }
}
