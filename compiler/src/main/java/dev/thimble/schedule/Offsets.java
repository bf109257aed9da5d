package dev.thimble.schedule;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The problem of placing buffers in an arena: buffers that are in use at the same step must not
 * overlap, and each offset is a multiple of its buffer's alignment. {@link GreedyBySize} and {@link
 * BestOrder} solve it.
 */
public final class Offsets {
  private Offsets() {}

  /** The buffers to place; their order matters only where they tie. */
  public record Problem(List<Buffer> buffers) {
    public Problem {
      buffers = List.copyOf(buffers);
    }

    /** The largest sum of bytes in use at one step: no solution is smaller. */
    public long lowerBound() {
      SortedMap<Integer, Long> changes = new TreeMap<>();
      for (Buffer buffer : buffers) {
        changes.merge(buffer.first(), buffer.bytes(), Long::sum);
        changes.merge(buffer.last() + 1, -buffer.bytes(), Long::sum);
      }
      long peak = 0;
      long sum = 0;
      for (long change : changes.values()) {
        sum += change;
        peak = Math.max(peak, sum);
      }
      return peak;
    }

    /** The bytes of the buffers in use at a step. */
    public long bytesAt(int step) {
      long sum = 0;
      for (Buffer buffer : buffers) {
        if (buffer.first() <= step && step <= buffer.last()) {
          sum += buffer.bytes();
        }
      }
      return sum;
    }
  }

  /**
   * A solution.
   *
   * @param offsets for each of the problem's buffers, in their order, its offset in bytes
   * @param size the bytes of the arena: the largest end of a buffer
   */
  public record Solution(List<Long> offsets, long size) {
    public Solution {
      offsets = List.copyOf(offsets);
    }
  }
}
