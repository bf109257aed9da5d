package dev.thimble.schedule;

import dev.thimble.schedule.offsets.Block;
import dev.thimble.schedule.offsets.Problem;
import dev.thimble.schedule.offsets.Solution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The plain ways to place buffers, which others are measured against. */
final class SimpleOffsets {
  private SimpleOffsets() {}

  /** One buffer after the other: no memory is used twice. */
  static Solution naive(Problem problem) {
    List<Long> offsets = new ArrayList<>();
    long size = 0;
    for (Block block : problem.blocks()) {
      long offset = aligned(size, block.alignment());
      offsets.add(offset);
      size = offset + block.bytes();
    }
    return solution(problem, offsets, size, "naive");
  }

  /**
   * Whole slots are reused: by first use, each buffer takes the free slot of the smallest number,
   * and a slot is as large as its largest buffer. For a chain of nodes that is two slots in turns.
   */
  static Solution pingPong(Problem problem) {
    List<Block> blocks = problem.blocks();
    int[] slotOf = new int[blocks.size()];
    List<Integer> slotLast = new ArrayList<>();
    List<Long> slotBytes = new ArrayList<>();
    List<Integer> slotAlignment = new ArrayList<>();
    for (int i : byFirstUse(blocks)) {
      Block block = blocks.get(i);
      int slot = 0;
      while (slot < slotLast.size() && slotLast.get(slot) >= block.first()) {
        slot++;
      }
      if (slot == slotLast.size()) {
        slotLast.add(0);
        slotBytes.add(0L);
        slotAlignment.add(1);
      }
      slotOf[i] = slot;
      slotLast.set(slot, block.last());
      slotBytes.set(slot, Math.max(slotBytes.get(slot), block.bytes()));
      slotAlignment.set(slot, Math.max(slotAlignment.get(slot), block.alignment()));
    }
    return inSlots(problem, slotOf, slotBytes, slotAlignment);
  }

  private static int[] byFirstUse(List<Block> blocks) {
    return IntStream.range(0, blocks.size())
        .boxed()
        .sorted(Comparator.comparingInt(i -> blocks.get(i).first()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Solution inSlots(
      Problem problem, int[] slotOf, List<Long> slotBytes, List<Integer> slotAlignment) {
    long[] start = new long[slotBytes.size()];
    long size = 0;
    for (int slot = 0; slot < start.length; slot++) {
      start[slot] = aligned(size, slotAlignment.get(slot));
      size = start[slot] + slotBytes.get(slot);
    }
    List<Long> offsets = Arrays.stream(slotOf).mapToObj(slot -> start[slot]).toList();
    return solution(problem, offsets, size, "ping-pong");
  }

  private static Solution solution(Problem problem, List<Long> offsets, long size, String solver) {
    long bound = Math.min(problem.lowerBound(), size);
    Solution.Proof proof = bound == size ? Solution.Proof.OPTIMAL : Solution.Proof.GAP;
    return new Solution(offsets, size, bound, proof, solver);
  }

  private static long aligned(long offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }
}
