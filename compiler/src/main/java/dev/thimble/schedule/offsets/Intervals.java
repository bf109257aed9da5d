package dev.thimble.schedule.offsets;

import java.util.Arrays;

/** Collects open intervals of integers and merges those that overlap. */
final class Intervals {
  private long[][] intervals = new long[4][];
  private int size;

  void clear() {
    size = 0;
  }

  /** Adds the integers strictly between two; none if there are none. */
  void add(long low, long high) {
    if (high - low < 2) {
      return;
    }
    if (size > 0 && intervals[size - 1][0] == low && intervals[size - 1][1] == high) {
      return;
    }
    if (size == intervals.length) {
      intervals = Arrays.copyOf(intervals, 2 * size);
    }
    intervals[size++] = new long[] {low, high};
  }

  /**
   * The same integers as pairs of low and high, ascending; between two intervals lies at least one
   * integer of neither.
   */
  long[] merged() {
    Arrays.sort(intervals, 0, size, (x, y) -> Long.compare(x[0], y[0]));
    long[] merged = new long[2 * size];
    int length = 0;
    for (int i = 0; i < size; i++) {
      long low = intervals[i][0];
      long high = intervals[i][1];
      // The integer `low` is free only if no earlier interval reaches beyond it.
      if (length > 0 && low < merged[length - 1]) {
        merged[length - 1] = Math.max(merged[length - 1], high);
      } else {
        merged[length++] = low;
        merged[length++] = high;
      }
    }
    return Arrays.copyOf(merged, length);
  }
}
