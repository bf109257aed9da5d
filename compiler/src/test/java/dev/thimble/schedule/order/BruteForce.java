package dev.thimble.schedule.order;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The least peak by trying every order, written from the definition and nothing else; what can
 * follow is tried once for each set of tasks that are done.
 */
final class BruteForce {
  private final OrderProblem problem;
  private final Map<Set<Integer>, Long> known = new HashMap<>();

  private BruteForce(OrderProblem problem) {
    this.problem = problem;
  }

  static long leastPeak(OrderProblem problem) {
    long start = problem.inputs().stream().mapToLong(problem.valueBytes()::get).sum();
    return Math.max(start, leastOfTasks(problem));
  }

  /** The same without what the inputs take before the first task. */
  static long leastOfTasks(OrderProblem problem) {
    return new BruteForce(problem).least(new HashSet<>(), problem.inputs());
  }

  /** The least peak of all that can follow when these tasks are done. */
  private long least(Set<Integer> done, Set<Integer> written) {
    if (done.size() == problem.tasks().size()) {
      return sum(live(done, written));
    }
    Long before = known.get(done);
    if (before != null) {
      return before;
    }
    long least = Long.MAX_VALUE;
    for (int t = 0; t < problem.tasks().size(); t++) {
      Task task = problem.tasks().get(t);
      if (!done.contains(t) && written.containsAll(task.reads())) {
        Set<Integer> nowWritten = new HashSet<>(written);
        nowWritten.addAll(task.writes());
        Set<Integer> nowDone = new HashSet<>(done);
        nowDone.add(t);
        long need = need(task, live(done, written), live(nowDone, nowWritten));
        least = Math.min(least, Math.max(need, least(nowDone, nowWritten)));
      }
    }
    known.put(done, least);
    return least;
  }

  private Set<Integer> live(Set<Integer> done, Set<Integer> written) {
    Set<Integer> live = new HashSet<>();
    for (int value : written) {
      boolean needed = problem.outputs().contains(value);
      for (int t = 0; t < problem.tasks().size(); t++) {
        needed |= !done.contains(t) && problem.tasks().get(t).reads().contains(value);
      }
      if (needed) {
        live.add(value);
      }
    }
    return live;
  }

  private long need(Task task, Set<Integer> before, Set<Integer> after) {
    long need = sum(before) + sum(new HashSet<>(task.writes())) + task.scratchBytes();
    if (task.overwrites().isPresent() && !after.contains(task.overwrites().getAsInt())) {
      long output = problem.valueBytes().get(task.writes().getFirst());
      long value = problem.valueBytes().get(task.overwrites().getAsInt());
      need -= output <= value ? output : 0;
    }
    return need;
  }

  private long sum(Set<Integer> values) {
    return List.copyOf(values).stream().mapToLong(problem.valueBytes()::get).sum();
  }
}
