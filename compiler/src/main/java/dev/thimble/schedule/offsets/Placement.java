package dev.thimble.schedule.offsets;

import java.util.Arrays;

/** Places blocks one after the other, each at the lowest offset that those before it leave. */
final class Placement {
  /** The offset of a block that has not been placed. */
  static final long NONE = -1;

  private final Conflicts conflicts;
  private long[] starts = new long[16];
  private long[] ends = new long[16];

  Placement(Conflicts conflicts) {
    this.conflicts = conflicts;
  }

  /** Places all blocks in this order, each at its lowest allowed offset. */
  long[] place(int[] order) {
    long[] offsets = new long[conflicts.count];
    Arrays.fill(offsets, NONE);
    for (int block : order) {
      offsets[block] = lowest(block, offsets);
    }
    return offsets;
  }

  /** The lowest allowed offset of a block beside those that have an offset. */
  long lowest(int block, long[] offsets) {
    int left = gather(block, offsets);
    long offset = 0;
    boolean moved = true;
    boolean forwards = true;
    // Each pass drops what lies below the offset; turning around serves either sorted order.
    while (moved && left > 0) {
      moved = false;
      int kept = 0;
      for (int k = 0; k < left; k++) {
        int i = forwards ? k : left - 1 - k;
        if (starts[i] < offset && offset < ends[i]) {
          offset = conflicts.aligned(block, ends[i]);
          moved = true;
        }
      }
      for (int i = 0; i < left; i++) {
        if (ends[i] > offset) {
          starts[kept] = starts[i];
          ends[kept++] = ends[i];
        }
      }
      left = kept;
      forwards = !forwards;
    }
    return offset;
  }

  /** Collects the open intervals of offsets that the block must avoid; returns their number. */
  private int gather(int block, long[] offsets) {
    int length = 0;
    for (int edge = conflicts.from[block]; edge < conflicts.from[block + 1]; edge++) {
      long other = offsets[conflicts.to[edge]];
      if (other == NONE) {
        continue;
      }
      long[] forbidden = conflicts.forbidden[edge];
      if (length + forbidden.length > starts.length) {
        starts = Arrays.copyOf(starts, 2 * length + forbidden.length);
        ends = Arrays.copyOf(ends, starts.length);
      }
      for (int i = 0; i < forbidden.length; i += 2) {
        long end = other - forbidden[i];
        if (end > 0) {
          starts[length] = other - forbidden[i + 1];
          ends[length++] = end;
        }
      }
    }
    return length;
  }
}
