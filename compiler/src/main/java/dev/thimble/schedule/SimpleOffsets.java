package dev.thimble.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The plain ways to place buffers, which others are measured against. */
final class SimpleOffsets {
  private SimpleOffsets() {}

  /** One buffer after the other: no memory is used twice. */
  static Offsets.Solution naive(Offsets.Problem problem) {
    List<Long> offsets = new ArrayList<>();
    long size = 0;
    for (Buffer buffer : problem.buffers()) {
      long offset = GreedyBySize.aligned(size, buffer.alignment());
      offsets.add(offset);
      size = offset + buffer.bytes();
    }
    return new Offsets.Solution(offsets, size);
  }

  /**
   * Whole slots are reused: by first use, each buffer takes the free slot of the smallest number,
   * and a slot is as large as its largest buffer. For a chain of nodes that is two slots in turns.
   */
  static Offsets.Solution pingPong(Offsets.Problem problem) {
    List<Buffer> buffers = problem.buffers();
    int[] slotOf = new int[buffers.size()];
    List<Integer> slotLast = new ArrayList<>();
    List<Long> slotBytes = new ArrayList<>();
    List<Integer> slotAlignment = new ArrayList<>();
    for (int i : byFirstUse(buffers)) {
      Buffer buffer = buffers.get(i);
      int slot = 0;
      while (slot < slotLast.size() && slotLast.get(slot) >= buffer.first()) {
        slot++;
      }
      if (slot == slotLast.size()) {
        slotLast.add(0);
        slotBytes.add(0L);
        slotAlignment.add(1);
      }
      slotOf[i] = slot;
      slotLast.set(slot, buffer.last());
      slotBytes.set(slot, Math.max(slotBytes.get(slot), buffer.bytes()));
      slotAlignment.set(slot, Math.max(slotAlignment.get(slot), buffer.alignment()));
    }
    return inSlots(slotOf, slotBytes, slotAlignment);
  }

  private static int[] byFirstUse(List<Buffer> buffers) {
    return IntStream.range(0, buffers.size())
        .boxed()
        .sorted(Comparator.comparingInt(i -> buffers.get(i).first()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Offsets.Solution inSlots(
      int[] slotOf, List<Long> slotBytes, List<Integer> slotAlignment) {
    long[] start = new long[slotBytes.size()];
    long size = 0;
    for (int slot = 0; slot < start.length; slot++) {
      start[slot] = GreedyBySize.aligned(size, slotAlignment.get(slot));
      size = start[slot] + slotBytes.get(slot);
    }
    return new Offsets.Solution(Arrays.stream(slotOf).mapToObj(s -> start[s]).toList(), size);
  }
}
