package dev.thimble.kernel.cost;

import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.Parameter;
import dev.thimble.target.Region;

/**
 * An estimate of the cycles that a core waits for the memory that the program lies in. Filters are
 * read from their first byte to their last for each pixel of the output. What a cache can hold is
 * waited for once, the rest each time, an access of the memory for each of its lines. Loops are
 * waited for only where the cache does not hold them.
 */
public final class FlashStalls {
  /** What the innermost loops of a kernel take at most. */
  private static final long LOOP_BYTES = 512;

  /** Where loops are not held, prefetching hides all but what follows a taken branch. */
  private static final long CYCLES_A_BRANCH = 10;

  private static final int WORD_BYTES = 4;

  private final long waitStates;
  private final long codeBytes;
  private final long dataBytes;
  private final long lineBytes;

  /** The stalls of a memory whose wait states are known; with those unknown there are none. */
  public FlashStalls(Region memory) {
    this.waitStates = memory.randomWaitStates().orElse(0);
    this.codeBytes = memory.cache().map(Region.Cache::codeBytes).orElse(0L);
    this.dataBytes = memory.cache().map(Region.Cache::dataBytes).orElse(0L);
    this.lineBytes = memory.cache().map(Region.Cache::lineBytes).orElse(WORD_BYTES);
  }

  /** The stalls of a kernel that does this work in so many cycles. */
  public long cycles(Kernel kernel, Work work, long cycles) {
    long branches = codeBytes >= LOOP_BYTES ? 0 : cycles / CYCLES_A_BRANCH;
    return waitStates * (branches + lines(kernel, work));
  }

  private long lines(Kernel kernel, Work work) {
    long filter = kernel.tableBytes(Parameter.Role.FILTER);
    long others =
        kernel.tableBytes(Parameter.Role.BIAS_REQUANT) + kernel.tableBytes(Parameter.Role.TABLE);
    long passes = filter + others <= dataBytes ? 1 : Math.max(1, work.count(Unit.PIXEL));
    return passes * filter / lineBytes + passes * others / lineBytes;
  }
}
