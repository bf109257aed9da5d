package dev.thimble.schedule.order;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Improves an order where it peaks: whatever tasks stand next to each other in it are a segment of
 * their own as long as the others keep their places, and a short segment can be ordered well.
 */
final class Windows {
  private static final int MOST_ROUNDS = 80;
  private static final int[] LENGTHS = {48, 160};

  /** So many times, the search for one window looks whether a unit can be next. */
  private static final long WORK = 250_000;

  private final Flow flow;
  private final long[] live;
  private final long[] need;
  private final int peakAt;

  /** The problem with an order as the given one. */
  private Windows(OrderProblem problem) {
    this.flow = new Flow(problem);
    this.live = new long[flow.tasks];
    this.need = new long[flow.tasks];
    Progress progress = new Progress(flow);
    int highest = 0;
    for (int t = 0; t < flow.tasks; t++) {
      live[t] = progress.live();
      need[t] = progress.need(t);
      progress.run(t);
      highest = need[t] > need[highest] ? t : highest;
    }
    peakAt = highest;
  }

  /** An order with a lower peak, if one is found by changing this one bit by bit; else this one. */
  static List<Integer> improved(OrderProblem problem, List<Integer> order, long bound) {
    List<Integer> best = order;
    List<Integer> current = order;
    long peak = problem.peak(order);
    for (int round = 0; round < MOST_ROUNDS && peak > bound; round++) {
      Windows windows = new Windows(inOrder(problem, current));
      Optional<int[]> changed = windows.lowered(bound);
      if (changed.isEmpty()) {
        break;
      }
      List<Integer> before = current;
      current = IntStream.of(changed.get()).mapToObj(before::get).toList();
      long reached = problem.peak(current);
      if (reached < peak) {
        best = current;
        peak = reached;
      }
    }
    return best;
  }

  private static OrderProblem inOrder(OrderProblem problem, List<Integer> order) {
    return new OrderProblem(
        problem.valueBytes(),
        order.stream().map(problem.tasks()::get).toList(),
        problem.inputs(),
        problem.outputs());
  }

  /** An order whose first and highest peak is lower; others of the same height may remain. */
  private Optional<int[]> lowered(long bound) {
    for (int length : LENGTHS) {
      int first = Math.max(0, peakAt - length * 2 / 3);
      int end = Math.min(flow.tasks, first + length);
      long elsewhere =
          IntStream.range(0, flow.tasks)
              .filter(t -> t < first || t >= end)
              .mapToLong(t -> need[t])
              .max()
              .orElse(0);
      // A little below the peak is good enough where another place peaks as high.
      long level = Math.max(bound, Math.min(elsewhere, need[peakAt] - 1));
      Segment segment = new Segment(flow, first, end, live[first]);
      int[] same = IntStream.range(0, segment.size).toArray();
      SegmentOrder solved = SegmentOrder.of(segment, same, level, new WorkLimit(WORK));
      if (solved.peak() < need[peakAt]) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, first).boxed().toList());
        Arrays.stream(solved.tasks()).forEach(t -> all.add(first + t));
        IntStream.range(end, flow.tasks).forEach(all::add);
        return Optional.of(all.stream().mapToInt(Integer::intValue).toArray());
      }
    }
    return Optional.empty();
  }
}
