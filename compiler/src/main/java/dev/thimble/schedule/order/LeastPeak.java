package dev.thimble.schedule.order;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the order of tasks whose peak of live bytes is least.
 *
 * <p>The problem falls apart at each task before or after which all others must run: most networks
 * are sequences of small segments between such tasks. Segments that the given order serves well
 * enough, because memory is needed elsewhere anyway, keep it. The others go to {@link
 * SegmentOrder}, and an order that is not proved is improved piece by piece. Work is limited by
 * counts, never by time: equal problems have equal solutions.
 */
public final class LeastPeak {
  /** A longer segment is ordered greedily. */
  private static final int MOST_TASKS = 1_500;

  /** So many times in all, the searches look whether a unit can be next. */
  private static final long MOST_WORK = 60_000_000;

  /** Tasks from {@code first} to {@code end}, exclusive, that nothing separates from each other. */
  private record Range(int first, int end) {}

  private final Flow flow;
  private final int[] given;
  private final int[] greedy;
  private final int[] order;

  /** For each task, what memory holds before it and while it runs in the given order. */
  private final long[] live;

  private final long[] need;

  /** What every order needs, as far as is known. */
  private long bound;

  private LeastPeak(OrderProblem problem) {
    flow = new Flow(problem);
    given = IntStream.range(0, flow.tasks).toArray();
    greedy = Greedy.order(flow);
    order = given.clone();
    live = new long[flow.tasks];
    need = new long[flow.tasks];
    Progress progress = new Progress(flow);
    bound = progress.peak();
    for (int t = 0; t < flow.tasks; t++) {
      live[t] = progress.live();
      need[t] = progress.need(t);
      progress.run(t);
    }
  }

  /**
   * The best order that can be found, never worse than the given one; that one itself if none is
   * found with a lower peak.
   */
  public static Order solve(OrderProblem problem) {
    LeastPeak solver = new LeastPeak(problem);
    solver.solve();
    List<Integer> tasks = Arrays.stream(solver.order).boxed().toList();
    long peak = problem.peak(tasks);
    if (peak > solver.bound) {
      tasks = Windows.improved(problem, tasks, solver.bound);
      peak = problem.peak(tasks);
    }
    long bound = Math.min(peak, solver.bound);
    return new Order(tasks, peak, bound, bound == peak);
  }

  private void solve() {
    List<Range> ranges = ranges();
    ranges.sort(Comparator.comparingLong(range -> -givenPeak(range)));
    List<Segment> segments = new ArrayList<>();
    for (Range range : ranges) {
      if (range.end - range.first > MOST_TASKS) {
        IntStream.range(range.first, range.end).forEach(t -> raise(leastNeed(t)));
      } else if (givenPeak(range) > bound) {
        Segment segment = new Segment(flow, range.first, range.end, live[range.first]);
        segments.add(segment);
        raise(segment.bound());
      }
    }
    WorkLimit work = new WorkLimit(MOST_WORK);
    for (Segment segment : segments) {
      order(segment, work);
    }
    for (Range range : ranges) {
      if (range.end - range.first > MOST_TASKS) {
        orderLong(range);
      }
    }
    long peak = peak();
    for (Range range : ranges) {
      if (givenPeak(range) <= peak) {
        System.arraycopy(given, range.first, order, range.first, range.end - range.first);
      }
    }
  }

  private void raise(long least) {
    bound = Math.max(bound, least);
  }

  private long givenPeak(Range range) {
    return Arrays.stream(need, range.first, range.end).max().orElse(0);
  }

  /** What memory holds at least while a task runs: what it reads, what it writes, its scratch. */
  private long leastNeed(int task) {
    long sum = flow.claims[task] - (flow.overwritten[task] < 0 ? 0 : flow.reused[task]);
    for (int value : flow.reads[task]) {
      sum += flow.bytes[value];
    }
    return sum;
  }

  private void order(Segment segment, WorkLimit work) {
    if (givenPeak(new Range(segment.first, segment.first + segment.size)) <= bound) {
      return;
    }
    // All tasks before a segment come before it in every order, so its places are the same ones.
    int[] simple =
        Arrays.stream(greedy, segment.first, segment.first + segment.size)
            .map(task -> task - segment.first)
            .toArray();
    SegmentOrder solved = SegmentOrder.of(segment, simple, bound, work);
    raise(solved.bound());
    for (int i = 0; i < segment.size; i++) {
      order[segment.first + i] = segment.first + solved.tasks()[i];
    }
  }

  private void orderLong(Range range) {
    int[] changed = order.clone();
    System.arraycopy(greedy, range.first, changed, range.first, range.end - range.first);
    if (peak(changed, range) < givenPeak(range)) {
      System.arraycopy(changed, range.first, order, range.first, range.end - range.first);
    }
  }

  private long peak() {
    return peak(order, new Range(0, flow.tasks));
  }

  private long peak(int[] tasks, Range range) {
    Progress progress = new Progress(flow);
    long peak = 0;
    for (int i = 0; i < range.end; i++) {
      peak = i < range.first ? 0 : Math.max(peak, progress.need(tasks[i]));
      progress.run(tasks[i]);
    }
    return peak;
  }

  /**
   * The tasks between those that cut the problem. A task cuts it when each task before it leads to
   * it, for which one reader no later than it must exist each, and each after it comes from it.
   */
  private List<Range> ranges() {
    int[] latest = new int[flow.tasks + 1];
    latest[flow.tasks] = Integer.MAX_VALUE;
    for (int t = flow.tasks - 1; t >= 0; t--) {
      int source = Arrays.stream(flow.before[t]).max().orElse(-1);
      latest[t] = Math.min(latest[t + 1], source);
    }
    List<Range> ranges = new ArrayList<>();
    int first = 0;
    int earliest = -1;
    for (int t = 0; t < flow.tasks; t++) {
      if (earliest <= t && latest[t + 1] >= t) {
        addRange(ranges, first, t);
        raise(need[t]);
        first = t + 1;
      }
      int reader = Arrays.stream(flow.after[t]).min().orElse(Integer.MAX_VALUE);
      earliest = Math.max(earliest, reader);
    }
    addRange(ranges, first, flow.tasks);
    return ranges;
  }

  private static void addRange(List<Range> ranges, int first, int end) {
    if (first < end) {
      ranges.add(new Range(first, end));
    }
  }
}
