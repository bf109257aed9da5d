package dev.thimble.schedule.offsets;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Where the blocks of a problem lie.
 *
 * @param offsets for each of the problem's blocks, in their order, its offset in bytes
 * @param size the bytes of the arena: the largest end of a block, 0 without blocks
 * @param bound no solution is smaller than this many bytes; the best bound that was proved
 * @param proof whether the bound shows that no solution is smaller than this one
 * @param solver what found the solution or the proof: {@code greedy}, {@code local}, {@code cp-sat}
 *     or {@code own}; where the native library of CP-SAT is missing, {@code own (no cp-sat here)}
 */
public record Solution(List<Long> offsets, long size, long bound, Proof proof, String solver) {
  /** What is known of the size. */
  public enum Proof {
    /** No solution is smaller. */
    OPTIMAL,
    /** A smaller one, down to the bound, may exist. */
    GAP
  }

  public Solution {
    offsets = List.copyOf(offsets);
    if (bound > size || (proof == Proof.OPTIMAL) != (bound == size)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "solution of %d bytes with bound %d is called %s", size, bound, proof));
    }
  }

  /** A solution whose proof follows from the bound. */
  static Solution of(Problem problem, long[] offsets, long bound, String solver) {
    long size = 0;
    for (int i = 0; i < offsets.length; i++) {
      size = Math.max(size, offsets[i] + problem.blocks().get(i).bytes());
    }
    List<Long> list = Arrays.stream(offsets).boxed().toList();
    long known = Math.min(bound, size);
    return new Solution(list, size, known, known == size ? Proof.OPTIMAL : Proof.GAP, solver);
  }

  /** The same offsets with a better bound, if it is one. */
  Solution withBound(long better, String prover) {
    if (better <= bound) {
      return this;
    }
    long known = Math.min(better, size);
    return new Solution(offsets, size, known, known == size ? Proof.OPTIMAL : Proof.GAP, prover);
  }

  /** How far the size may be from the smallest, in bytes; 0 when it is optimal. */
  public long gap() {
    return size - bound;
  }
}
