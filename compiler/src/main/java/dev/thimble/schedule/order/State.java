package dev.thimble.schedule.order;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a segment that have run, and how a search came there. Equal states have run the same
 * tasks.
 */
final class State {
  final long[] done;
  final long live;

  /** The most that memory holds on the way from the search's start to here, or its level. */
  final long peak;

  /** The units between the search's start and here. */
  final int distance;

  final @Nullable State from;

  /** The unit that lies between here and where the search came from, or -1 at its start. */
  final int unit;

  private State(long[] done, long live, long peak, int distance, @Nullable State from, int unit) {
    this.done = done;
    this.live = live;
    this.peak = peak;
    this.distance = distance;
    this.from = from;
    this.unit = unit;
  }

  /** Where a search starts that accepts a peak of {@code level} anyway. */
  static State start(long[] done, long live, long level) {
    return new State(done, live, level, 0, null, -1);
  }

  State to(long[] nowDone, long nowLive, long need, int over) {
    return new State(nowDone, nowLive, Math.max(peak, need), distance + 1, this, over);
  }

  /** The units from the search's start to here. */
  int[] path() {
    int[] path = new int[distance];
    State state = this;
    for (int i = distance - 1; i >= 0 && state != null; i--) {
      path[i] = state.unit;
      state = state.from;
    }
    return path;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof State state && Arrays.equals(done, state.done);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (long word : done) {
      long mixed = (word + hash) * 0x9E3779B97F4A7C15L;
      hash = hash * 31 + (int) (mixed >>> 32);
    }
    return hash;
  }
}
