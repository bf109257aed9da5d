package dev.thimble.schedule.offsets;

import com.google.ortools.Loader;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.IntVar;
import com.google.ortools.sat.IntervalVar;
import com.google.ortools.sat.LinearArgument;
import com.google.ortools.sat.LinearExpr;
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
    model.minimize(size);
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
          model.addLinearExpressionInDomain(difference, allowed(conflicts.forbidden[edge]));
        }
      }
    }
  }

  private Domain allowed(long[] forbidden) {
    long[] intervals = new long[forbidden.length + 2];
    intervals[0] = -Problem.MOST_BYTES;
    for (int i = 0; i < forbidden.length; i++) {
      intervals[i + 1] = forbidden[i] / unit;
    }
    intervals[forbidden.length + 1] = Problem.MOST_BYTES;
    return Domain.fromFlatIntervals(intervals);
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
        .setSearchBranching(SatParameters.SearchBranching.PORTFOLIO_WITH_QUICK_RESTART_SEARCH)
        .setMaxDeterministicTime(deterministicSeconds);
    CpSolverStatus status = solver.solve(model);
    long[] found = new long[steps.length];
    if (status == CpSolverStatus.OPTIMAL || status == CpSolverStatus.FEASIBLE) {
      for (int i = 0; i < steps.length; i++) {
        found[i] = solver.value(steps[i]) * Math.max(unit, conflicts.alignment[i]);
      }
    }
    double bound = status == CpSolverStatus.INFEASIBLE ? 0 : solver.bestObjectiveBound();
    return new Answer(status, found, (long) Math.ceil(bound - 1e-6) * unit);
  }
}
