package dev.thimble.schedule.offsets;

/**
 * Exact search by the constraint solver CP-SAT of Google's OR-Tools, with one worker, a fixed seed
 * and a deterministic limit. Its native library is loaded on first use; on a platform without it
 * {@link OwnSearch} takes over, and the solution says so.
 */
public final class ExactSearch {
  static final String NAME = "cp-sat";
  static final String STAND_IN = "own (no cp-sat here)";

  /** Of CP-SAT's own deterministic seconds, for the lower bound and for the way down to it. */
  private static final double BOUND_SECONDS = 0.3;

  private static final double DESCENT_SECONDS = 0.5;

  /** CP-SAT's model of this many pairs of any kind fills some hundred megabytes. */
  private static final int MOST_PAIRS = 300_000;

  private ExactSearch() {}

  /** Solves the problem: optimal, or with the gap that the limit left. */
  public static Solution solve(Problem problem) {
    Conflicts conflicts = Conflicts.of(problem);
    return improve(problem, conflicts, Greedy.solve(problem, conflicts));
  }

  /** A solution that is not worse than the start. */
  static Solution improve(Problem problem, Conflicts conflicts, Solution start) {
    if (start.gap() == 0) {
      return start;
    }
    if (!ConstraintModel.loadNatives()) {
      return OwnSearch.improve(problem, conflicts, start, STAND_IN);
    }
    if (conflicts.to.length / 2 > MOST_PAIRS) {
      return start;
    }
    ConstraintModel.Answer atBound =
        new ConstraintModel(conflicts, start.bound(), start.bound()).solve(BOUND_SECONDS);
    if (atBound.found()) {
      return Solution.of(problem, atBound.offsets(), start.bound(), NAME);
    }
    Solution best = start;
    if (atBound.refuted()) {
      long unit = conflicts.unit();
      best = best.withBound((start.bound() / unit + 1) * unit, NAME);
    }
    return best.gap() == 0 ? best : descend(problem, conflicts, best);
  }

  private static Solution descend(Problem problem, Conflicts conflicts, Solution start) {
    ConstraintModel model = new ConstraintModel(conflicts, start.bound(), start.size());
    model.hint(start.offsets());
    ConstraintModel.Answer answer = model.solve(DESCENT_SECONDS);
    Solution best = start;
    if (answer.found()) {
      Solution found = Solution.of(problem, answer.offsets(), start.bound(), NAME);
      best = found.size() < best.size() ? found : best;
    }
    return best.withBound(answer.bound(), NAME);
  }
}
