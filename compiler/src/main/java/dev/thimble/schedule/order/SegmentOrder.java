package dev.thimble.schedule.order;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Orders one segment: quickly where a simple order is good enough, exactly where the search comes
 * to an end, else as well as the beam can.
 */
final class SegmentOrder {
  private static final int NARROW = 8;
  private static final int WIDE = 96;

  private final Segment segment;
  private int[] best;
  private long peak;
  private long bound;

  private SegmentOrder(Segment segment, int[] given, long bound) {
    this.segment = segment;
    this.best = given;
    this.peak = peakOf(given);
    this.bound = bound;
  }

  /**
   * The segment's order. A peak of {@code level} or less is good enough: memory must hold as much
   * at another time.
   *
   * @param greedy an order of the segment's tasks, numbered as the segment numbers them
   */
  static SegmentOrder of(Segment segment, int[] greedy, long level, WorkLimit work) {
    SegmentOrder order =
        new SegmentOrder(segment, IntStream.range(0, segment.size).toArray(), level);
    order.offer(greedy);
    if (order.peak > level) {
      order.improve(work);
    }
    return order;
  }

  /** The tasks, numbered as the segment numbers them. */
  int[] tasks() {
    return best;
  }

  long peak() {
    return peak;
  }

  /** What no order's peak lies below, or the level if that is more. */
  long bound() {
    return bound;
  }

  private void improve(WorkLimit work) {
    Moves moves = new Moves(segment, Units.of(segment));
    CommitSearch search = new CommitSearch(segment, moves, bound, work);
    beam(moves, search, NARROW, work);
    if (peak <= bound) {
      return;
    }
    boolean met = search.run(peak);
    bound = Math.min(search.level(), peak);
    if (met) {
      offer(moves, search, new int[0]);
    } else {
      beam(moves, search, WIDE, work);
    }
  }

  private void beam(Moves moves, CommitSearch search, int width, WorkLimit work) {
    for (boolean forward : new boolean[] {true, false}) {
      if (peak > bound) {
        new Beam(moves, width, work)
            .units(search.low(), search.high(), bound, forward)
            .ifPresent(units -> offer(moves, search, units));
      }
    }
  }

  /** Takes the order of the search's head, these units and its tail if it is better. */
  private void offer(Moves moves, CommitSearch search, int[] between) {
    IntStream units =
        IntStream.concat(
            IntStream.concat(ints(search.head()), IntStream.of(between)), ints(search.tail()));
    offer(units.flatMap(unit -> IntStream.of(moves.unit(unit).tasks())).toArray());
  }

  private static IntStream ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue);
  }

  private void offer(int[] tasks) {
    long offered = peakOf(tasks);
    if (offered < peak) {
      best = tasks;
      peak = offered;
    }
  }

  private long peakOf(int[] tasks) {
    return segment.live + segment.run(Bits.empty(segment.size), tasks).rise();
  }
}
