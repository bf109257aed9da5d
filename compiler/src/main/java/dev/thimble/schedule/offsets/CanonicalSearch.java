package dev.thimble.schedule.offsets;

import java.util.Arrays;

/**
 * Decides whether plain buffers fit into a capacity, by a search over canonical solutions: those in
 * which no block can be lowered, written down by rising offset. The idea is that of minimalloc
 * (Moffitt 2023).
 *
 * <p>At each node the block of the smallest possible offset is either placed there or postponed. A
 * postponed block must be raised by one that is placed later and that it meets, or else it could be
 * lowered; from that follows a larger least offset for it. In each section of time the blocks that
 * are left need room above their least offsets. Blocks that are left in parts of the time that do
 * not touch are searched apart from each other.
 */
final class CanonicalSearch {
  /** What the search found out. */
  enum Outcome {
    FITS,
    DOES_NOT_FIT,
    LIMIT
  }

  /** The bits of a block's number in the keys by which blocks are sorted. */
  private static final int INDEX_BITS = 12;

  /** The most blocks; the memory that the search needs grows with their square. */
  static final int MOST_BLOCKS = 1 << INDEX_BITS;

  /** How often the inferences of a node are repeated while they bear fruit. */
  private static final int ROUNDS = 3;

  private final Conflicts conflicts;
  private final Sections sections;
  private final int[] rank;
  private final long capacity;
  private final long mostNodes;
  private long nodes;

  /** The least offset beside the placed blocks; when placed, the offset. */
  private final long[] floor;

  /** The least offset that is known, not below the floor. */
  private final long[] least;

  private final boolean[] open;
  private final boolean[] postponed;
  private final long[] used;
  private final int[] lowest;

  /** The least offset of the second lowest block in each section, when it was last computed. */
  private final long[] secondLeast;

  /** For each section, how often it had no room for what is left. */
  private final long[] failures;

  CanonicalSearch(
      Conflicts conflicts, Sections sections, int[] rank, long capacity, long mostNodes) {
    this.conflicts = conflicts;
    this.sections = sections;
    this.rank = rank;
    this.capacity = capacity;
    this.mostNodes = mostNodes;
    floor = new long[conflicts.count];
    least = new long[conflicts.count];
    open = new boolean[conflicts.count];
    Arrays.fill(open, true);
    postponed = new boolean[conflicts.count];
    used = new long[sections.count()];
    lowest = new int[sections.count()];
    secondLeast = new long[sections.count()];
    failures = new long[sections.count()];
  }

  /** Searches; if the blocks fit, {@link #offsets} are where. */
  Outcome run() {
    int[] all = new int[conflicts.count];
    Arrays.setAll(all, i -> i);
    return solve(all);
  }

  /** The nodes that the search has visited. */
  long nodes() {
    return nodes;
  }

  /** For each section, how often it had no room for what was left. */
  long[] failures() {
    return failures.clone();
  }

  long[] offsets() {
    return floor.clone();
  }

  /** Places blocks that may fall into groups which do not meet. */
  private Outcome solve(int[] blocks) {
    if (blocks.length == 0) {
      return Outcome.FITS;
    }
    for (int[] group : sections.groups(blocks)) {
      Outcome outcome = solveGroup(group);
      if (outcome != Outcome.FITS) {
        return outcome;
      }
    }
    return Outcome.FITS;
  }

  private Outcome solveGroup(int[] blocks) {
    int[] postponedHere = new int[blocks.length];
    int postponements = 0;
    Outcome outcome = Outcome.DOES_NOT_FIT;
    while (feasible(blocks)) {
      int next = next(blocks);
      if (next < 0) {
        break;
      }
      if (nodes == mostNodes) {
        outcome = Outcome.LIMIT;
        break;
      }
      nodes++;
      outcome = placed(next, blocks);
      if (outcome != Outcome.DOES_NOT_FIT) {
        break;
      }
      for (int block : blocks) {
        if (floor[block] == floor[next] && !postponed[block] && sections.alike(block, next)) {
          postponed[block] = true;
          postponedHere[postponements++] = block;
        }
      }
    }
    if (outcome != Outcome.FITS) {
      for (int i = 0; i < postponements; i++) {
        postponed[postponedHere[i]] = false;
      }
    }
    return outcome;
  }

  /** Searches on with a block placed at its floor; undone if that finds nothing. */
  private Outcome placed(int block, int[] blocks) {
    long top = floor[block] + conflicts.bytes[block];
    int[] rest = new int[blocks.length - 1];
    long[] floors = new long[blocks.length];
    boolean[] flags = new boolean[blocks.length];
    int length = 0;
    for (int i = 0; i < blocks.length; i++) {
      int other = blocks[i];
      floors[i] = floor[other];
      flags[i] = postponed[other];
      if (other == block) {
        continue;
      }
      rest[length++] = other;
      if (floor[other] < top && sections.meet(other, block)) {
        floor[other] = conflicts.aligned(other, top);
        postponed[other] = false;
      }
    }
    open[block] = false;
    Outcome outcome = solve(rest);
    if (outcome != Outcome.FITS) {
      // Of the rest, a group may have been placed before another failed.
      for (int i = 0; i < blocks.length; i++) {
        open[blocks[i]] = true;
        floor[blocks[i]] = floors[i];
        postponed[blocks[i]] = flags[i];
      }
    }
    return outcome;
  }

  /** The block of the smallest floor that is not postponed; -1 if none can come next. */
  private int next(int[] blocks) {
    int next = -1;
    long lowestTop = Long.MAX_VALUE;
    for (int block : blocks) {
      lowestTop = Math.min(lowestTop, least[block] + conflicts.bytes[block]);
      if (!postponed[block]
          && (next < 0
              || floor[block] < floor[next]
              || (floor[block] == floor[next] && rank[block] < rank[next]))) {
        next = block;
      }
    }
    // Whatever ends below all that follows could have been placed before.
    return next < 0 || floor[next] >= lowestTop ? -1 : next;
  }

  /** Computes the least offsets, and whether the sections have room for all of the blocks. */
  private boolean feasible(int[] blocks) {
    for (int block : blocks) {
      least[block] = floor[block];
    }
    for (int block : blocks) {
      if (postponed[block] && !raise(block)) {
        return false;
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      if (!roomy(blocks)) {
        return false;
      }
      if (!forced(blocks)) {
        return true;
      }
    }
    return true;
  }

  /** Whether each section has room above each least offset for what cannot lie below it. */
  private boolean roomy(int[] blocks) {
    long[] keys = new long[blocks.length];
    for (int i = 0; i < blocks.length; i++) {
      int block = blocks[i];
      if (least[block] + conflicts.bytes[block] > capacity) {
        return false;
      }
      keys[i] = (least[block] << INDEX_BITS) | block;
      Arrays.fill(used, sections.first[block], sections.last[block] + 1, 0);
      Arrays.fill(lowest, sections.first[block], sections.last[block] + 1, -1);
    }
    Arrays.sort(keys);
    // From the highest down: what is in a section at or above an offset must fit above it.
    for (int i = keys.length - 1; i >= 0; i--) {
      int block = (int) (keys[i] & (MOST_BLOCKS - 1));
      long room = capacity - least[block];
      long bytes = conflicts.bytes[block];
      int last = sections.last[block];
      for (int s = sections.first[block]; s <= last; s++) {
        used[s] += bytes;
        secondLeast[s] = lowest[s] < 0 ? Long.MAX_VALUE : least[lowest[s]];
        lowest[s] = block;
        if (used[s] > room) {
          failures[s]++;
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Where only one block can be the lowest of a section, what cannot lie below it lies above.
   * Returns whether a least offset has grown.
   */
  private boolean forced(int[] blocks) {
    boolean grown = false;
    for (int block : blocks) {
      long latest = Long.MAX_VALUE;
      int last = sections.last[block];
      for (int s = sections.first[block]; s <= last; s++) {
        if (lowest[s] == block && secondLeast[s] > capacity - used[s]) {
          latest = Math.min(latest, capacity - used[s]);
        }
      }
      if (latest == Long.MAX_VALUE) {
        continue;
      }
      long top = least[block] + conflicts.bytes[block];
      for (int edge = conflicts.from[block]; edge < conflicts.from[block + 1]; edge++) {
        int other = conflicts.to[edge];
        if (open[other] && least[other] < top && least[other] + conflicts.bytes[other] > latest) {
          least[other] = conflicts.aligned(other, top);
          grown = true;
        }
      }
    }
    return grown;
  }

  /** A postponed block lies on top of one that it meets and that is still to be placed. */
  private boolean raise(int block) {
    long lowest = Long.MAX_VALUE;
    for (int edge = conflicts.from[block]; edge < conflicts.from[block + 1]; edge++) {
      int other = conflicts.to[edge];
      if (open[other]) {
        lowest = Math.min(lowest, least[other] + conflicts.bytes[other]);
      }
    }
    if (lowest == Long.MAX_VALUE) {
      return false;
    }
    least[block] = Math.max(least[block], conflicts.aligned(block, lowest));
    return true;
  }
}
