package dev.thimble.schedule.offsets;

import dev.thimble.schedule.offsets.CanonicalSearch.Outcome;

/**
 * Turns a search that decides whether blocks fit into a capacity into one for a small capacity:
 * first it tries the lower bound itself, then it halves the distance to the best solution.
 */
final class Descent {
  /** Decides whether the blocks fit, and says where. */
  interface Decision {
    Outcome decide(long capacity, long mostNodes);

    /** How many nodes it has visited in all. */
    long nodes();

    /** The offsets of the last capacity into which the blocks fitted. */
    long[] offsets();
  }

  private final Problem problem;
  private final Decision decision;
  private final String solver;
  private final long unit;
  private long left;
  private Solution best;

  private Descent(
      Problem problem, long unit, Decision decision, Solution start, long nodes, String solver) {
    this.problem = problem;
    this.unit = unit;
    this.decision = decision;
    this.solver = solver;
    best = start;
    left = nodes;
  }

  /** A solution that is not worse than the start, from a search of at most this many nodes. */
  static Solution solve(
      Problem problem, long unit, Decision decision, Solution start, long nodes, String solver) {
    Descent descent = new Descent(problem, unit, decision, start, nodes, solver);
    descent.run();
    return descent.best;
  }

  private void run() {
    if (best.gap() == 0) {
      return;
    }
    long bound = best.bound();
    if (attempt(bound, left / 2) == Outcome.FITS) {
      return;
    }
    // The largest capacity that was refuted or given up.
    long reached = bound;
    while (left > 0 && best.size() - reached > unit) {
      long half = (best.size() - reached) / 2 / unit * unit;
      long middle = (reached / unit + 1) * unit + Math.max(0, half - unit);
      if (attempt(middle, Math.max(1, left / 4)) != Outcome.FITS) {
        reached = middle;
      }
    }
    if (best.gap() > 0 && left > 0) {
      attempt(best.bound(), left);
    }
  }

  private Outcome attempt(long capacity, long nodes) {
    long before = decision.nodes();
    Outcome outcome = decision.decide(capacity, nodes);
    left -= Math.max(1, decision.nodes() - before);
    switch (outcome) {
      case FITS -> {
        Solution found = Solution.of(problem, decision.offsets(), best.bound(), solver);
        if (found.size() < best.size()) {
          best = found;
        }
      }
      // All sizes worth looking at are multiples of the unit.
      case DOES_NOT_FIT -> best = best.withBound((capacity / unit + 1) * unit, solver);
      case LIMIT -> {}
    }
    return outcome;
  }
}
