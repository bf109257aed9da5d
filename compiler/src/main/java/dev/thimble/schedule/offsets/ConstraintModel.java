package dev.thimble.schedule.offsets;

import com.google.ortools.Loader;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.IntVar;
import com.google.ortools.sat.IntervalVar;
import com.google.ortools.sat.LinearArgument;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.Literal;
import com.google.ortools.sat.SatParameters;
import com.google.ortools.util.Domain;
import java.util.ArrayList;
import java.util.List;

/**
 * A problem as a model of CP-SAT. Loading this class does not load the native library; {@link
 * #loadNatives} does. All numbers in the model are multiples of a common unit, divided by it.
 */
final class ConstraintModel {
  private static final int SEED = 1;

  private final Conflicts conflicts;
  private final long unit;
  private final CpModel model = new CpModel();
  private final IntVar[] steps;
  private final LinearArgument[] offsets;
  private final IntVar size;

  /** Whether there is only one size to look for. */
  private final boolean decides;

  /** A model of all solutions whose size is between two numbers of bytes, inclusive. */
  ConstraintModel(Conflicts conflicts, long least, long most) {
    this.conflicts = conflicts;
    unit = conflicts.unit();
    size = model.newIntVar((least + unit - 1) / unit, most / unit, "size");
    steps = new IntVar[conflicts.count];
    offsets = new LinearArgument[conflicts.count];
    IntervalVar[] intervals = new IntervalVar[conflicts.count];
    for (int i = 0; i < conflicts.count; i++) {
      long step = Math.max(1, conflicts.alignment[i] / unit);
      long bytes = conflicts.bytes[i] / unit;
      steps[i] = model.newIntVar(0, (most / unit - bytes) / step, "o" + i);
      offsets[i] = LinearExpr.affine(steps[i], step, 0);
      intervals[i] = model.newFixedSizeIntervalVar(offsets[i], bytes, "b" + i);
      model.addLessOrEqual(LinearExpr.affine(steps[i], step, bytes), size);
    }
    cliques(intervals);
    pairs();
    decides = least == most;
    if (!decides) {
      model.minimize(size);
    }
  }

  /** Loads the native library; false where there is none for this platform. */
  static boolean loadNatives() {
    try {
      Loader.loadNativeLibraries();
      return true;
    } catch (RuntimeException | LinkageError e) {
      return false;
    }
  }

  /** Plain buffers that are all live at one tick lie one above the other. */
  private void cliques(IntervalVar[] intervals) {
    Sections sections = new Sections(conflicts);
    List<List<IntervalVar>> cliques = new ArrayList<>();
    for (int s = 0; s < sections.count(); s++) {
      cliques.add(new ArrayList<>());
    }
    for (int i = 0; i < conflicts.count; i++) {
      if (conflicts.plain[i]) {
        for (int s = sections.first[i]; s <= sections.last[i]; s++) {
          cliques.get(s).add(intervals[i]);
        }
      }
    }
    cliques.forEach(model::addNoOverlap);
  }

  /** What the cliques do not say: differences of offsets that are allowed. */
  private void pairs() {
    for (int a = 0; a < conflicts.count; a++) {
      for (int edge = conflicts.from[a]; edge < conflicts.from[a + 1]; edge++) {
        int b = conflicts.to[edge];
        if (a < b && !conflicts.isPlainPair(a, b, edge)) {
          LinearArgument difference =
              LinearExpr.newBuilder().add(offsets[b]).addTerm(offsets[a], -1).build();
          separate(difference, conflicts.forbidden[edge]);
        }
      }
    }
  }

  /**
   * One literal for each range of differences that is allowed. (A domain with holes would say the
   * same in one constraint, but with those version 9.15 was seen to call sizes optimal that are
   * not.)
   */
  private void separate(LinearArgument difference, long[] forbidden) {
    List<Literal> sides = new ArrayList<>();
    for (int i = 0; i <= forbidden.length; i += 2) {
      long low = i == 0 ? -Problem.MOST_BYTES : forbidden[i - 1] / unit;
      long high = i == forbidden.length ? Problem.MOST_BYTES : forbidden[i] / unit;
      Literal side = model.newBoolVar("");
      model.addLinearExpressionInDomain(difference, new Domain(low, high)).onlyEnforceIf(side);
      sides.add(side);
    }
    model.addBoolOr(sides);
  }

  /** Suggests where to start. */
  void hint(List<Long> start) {
    for (int i = 0; i < steps.length; i++) {
      long step = Math.max(unit, conflicts.alignment[i]);
      model.addHint(steps[i], start.get(i) / step);
    }
  }

  /** What CP-SAT answered: offsets if it found any, and a proved bound in bytes. */
  record Answer(CpSolverStatus status, long[] offsets, long bound) {
    boolean found() {
      return status == CpSolverStatus.OPTIMAL || status == CpSolverStatus.FEASIBLE;
    }

    boolean refuted() {
      return status == CpSolverStatus.INFEASIBLE;
    }
  }

  Answer solve(double deterministicSeconds) {
    CpSolver solver = new CpSolver();
    solver
        .getParameters()
        .setNumWorkers(1)
        .setRandomSeed(SEED)
        .setMaxDeterministicTime(deterministicSeconds);
    // Quick restarts find far more packings of plain buffers than CP-SAT's default does.
    if (decides && conflicts.isPlain()) {
      solver
          .getParameters()
          .setSearchBranching(SatParameters.SearchBranching.PORTFOLIO_WITH_QUICK_RESTART_SEARCH);
    }
    CpSolverStatus status = solver.solve(model);
    long[] found = new long[steps.length];
    if (status == CpSolverStatus.OPTIMAL || status == CpSolverStatus.FEASIBLE) {
      for (int i = 0; i < steps.length; i++) {
        found[i] = solver.value(steps[i]) * Math.max(unit, conflicts.alignment[i]);
      }
    }
    double bound = decides || status == CpSolverStatus.INFEASIBLE ? 0 : solver.bestObjectiveBound();
    return new Answer(status, found, (long) Math.ceil(bound - 1e-6) * unit);
  }
}
