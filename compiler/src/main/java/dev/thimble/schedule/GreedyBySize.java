package dev.thimble.schedule;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Places the largest buffer first, each at the lowest offset that is free during all of its live
 * range. Buffers of equal size are placed by first use, then in the problem's order. This is the
 * order of Pisarchyk and Lee 2020 (arXiv 2001.03288) and of TensorFlow Lite Micro's
 * GreedyMemoryPlanner, so that figures compare.
 */
public final class GreedyBySize {
  private GreedyBySize() {}

  /** Solves the problem, in time quadratic in the number of buffers at worst. */
  public static Offsets.Solution solve(Offsets.Problem problem) {
    List<Buffer> buffers = problem.buffers();
    return place(
        problem,
        IntStream.range(0, buffers.size())
            .boxed()
            .sorted(
                Comparator.comparingLong((Integer i) -> -buffers.get(i).bytes())
                    .thenComparingInt(i -> buffers.get(i).first()))
            .mapToInt(Integer::intValue)
            .toArray());
  }

  /** Places the buffers in this order, each at its lowest free offset. */
  static Offsets.Solution place(Offsets.Problem problem, int[] order) {
    List<Buffer> buffers = problem.buffers();
    long[] offsets = new long[order.length];
    int[] byOffset = new int[order.length];
    long size = 0;
    for (int placed = 0; placed < order.length; placed++) {
      Buffer buffer = buffers.get(order[placed]);
      long offset = lowestFree(buffer, buffers, offsets, byOffset, placed);
      offsets[order[placed]] = offset;
      insert(byOffset, placed, order[placed], offsets);
      size = Math.max(size, offset + buffer.bytes());
    }
    return new Offsets.Solution(Arrays.stream(offsets).boxed().toList(), size);
  }

  /** The lowest offset beside those placed buffers, sorted by offset, that share a step. */
  private static long lowestFree(
      Buffer buffer, List<Buffer> buffers, long[] offsets, int[] byOffset, int placed) {
    long offset = 0;
    for (int i = 0; i < placed; i++) {
      Buffer other = buffers.get(byOffset[i]);
      if (other.first() > buffer.last() || buffer.first() > other.last()) {
        continue;
      }
      long start = offsets[byOffset[i]];
      if (offset + buffer.bytes() <= start) {
        return offset;
      }
      offset = Math.max(offset, aligned(start + other.bytes(), buffer.alignment()));
    }
    return offset;
  }

  private static void insert(int[] byOffset, int placed, int index, long[] offsets) {
    int at = placed;
    while (at > 0 && offsets[byOffset[at - 1]] > offsets[index]) {
      byOffset[at] = byOffset[at - 1];
      at--;
    }
    byOffset[at] = index;
  }

  /** The smallest multiple of the alignment that is not below the offset. */
  static long aligned(long offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }
}
