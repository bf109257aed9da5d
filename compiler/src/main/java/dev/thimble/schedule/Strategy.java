package dev.thimble.schedule;

import java.util.Locale;

/** A way to plan the arena, from the plainest to the most frugal. */
public enum Strategy {
  /** Every value has memory of its own. */
  NAIVE,
  /** Whole buffers are reused: two, in turns, for a chain. */
  PING_PONG,
  /** Offsets by size, largest first, wherever live ranges allow. */
  GREEDY,
  /** As greedy, and outputs overwrite inputs where the kernel allows. */
  IN_PLACE,
  /** As in-place, and a convolution writes its max-pooled output at once. */
  FUSED_POOL,
  /** As fused-pool, and an output may begin inside an operand that dies while it is written. */
  OVERLAP,
  /** As overlap, and runs of nodes go row by row where that lowers the peak. */
  STREAM;

  /** The name on the command line and in reports, such as {@code ping-pong}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
