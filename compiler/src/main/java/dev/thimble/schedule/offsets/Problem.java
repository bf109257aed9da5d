package dev.thimble.schedule.offsets;

import java.util.List;
import java.util.Locale;

/**
 * The blocks to place. Parts of different blocks that are in use at the same tick must not overlap,
 * each block's offset is a multiple of its alignment and at least 0, and all clearances hold.
 *
 * <p>The solvers refuse problems of more than 8,000,000 pairs of blocks that are in use at one
 * time, by an {@link IllegalArgumentException}: 4,000 blocks may all meet, of 20,000 one meets 800
 * others.
 *
 * @param blocks the blocks; their order matters only where they tie
 * @param clearances rules for pairs of blocks beside that
 */
public record Problem(List<Block> blocks, List<Clearance> clearances) {
  /** No size, offset or sum of sizes exceeds this: differences of them never overflow. */
  public static final long MOST_BYTES = 1L << 47;

  public Problem {
    blocks = List.copyOf(blocks);
    clearances = List.copyOf(clearances);
    long sum = 0;
    for (Block block : blocks) {
      sum += block.bytes() + block.alignment();
      if (sum > MOST_BYTES) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the blocks up to '%s' have %d bytes in all, expected at most %d",
                block.name(),
                sum,
                MOST_BYTES));
      }
    }
    for (Clearance clearance : clearances) {
      int larger = Math.max(clearance.first(), clearance.second());
      if (Math.min(clearance.first(), clearance.second()) < 0 || larger >= blocks.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s names a block that is not one of the %d",
                clearance,
                blocks.size()));
      }
    }
  }

  /** A problem without clearances. */
  public Problem(List<Block> blocks) {
    this(blocks, List.of());
  }

  /**
   * The largest sum of bytes in use at one tick, and at least the largest block: no solution is
   * smaller. Bytes that several parts of one block share at a tick count once. The time is that of
   * sorting the parts; the number of ticks does not matter.
   */
  public long lowerBound() {
    List<Profile> profiles = blocks.stream().map(Profile::of).toList();
    long largest = 0;
    for (Block block : blocks) {
      largest = Math.max(largest, block.bytes());
    }
    return Math.max(largest, Profile.peak(profiles));
  }

  /** Whether all blocks are plain buffers and no clearance holds. */
  public boolean isPlain() {
    return clearances.isEmpty() && blocks.stream().allMatch(Block::isPlain);
  }
}
