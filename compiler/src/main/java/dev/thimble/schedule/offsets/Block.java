package dev.thimble.schedule.offsets;

import java.util.List;
import java.util.Locale;

/**
 * What gets one offset: a rigid set of byte ranges. A plain buffer has one part. A whole tensor
 * whose rows are born and die one by one has a part for each run of rows that share their ticks.
 *
 * @param name how messages call the block; not empty, otherwise free
 * @param alignment the offset is a multiple of it; at least 1
 * @param parts the ranges, at least one; they may touch or overlap each other
 */
public record Block(String name, int alignment, List<Part> parts) {
  public Block {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("block '" + name + "' has no parts");
    }
    if (alignment < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "block '%s' has alignment %d, expected at least 1", name, alignment));
    }
  }

  /** A plain buffer: all of its bytes are in use from the first tick to the last, inclusive. */
  public static Block plain(String name, int alignment, long bytes, int first, int last) {
    return new Block(name, alignment, List.of(new Part(0, bytes, first, last)));
  }

  /** The bytes from the block's offset to the largest end of a part. */
  public long bytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes = Math.max(bytes, part.end());
    }
    return bytes;
  }

  /** The first tick at which a part is in use. */
  public int first() {
    int first = Integer.MAX_VALUE;
    for (Part part : parts) {
      first = Math.min(first, part.first());
    }
    return first;
  }

  /** The last tick at which a part is in use, inclusive. */
  public int last() {
    int last = Integer.MIN_VALUE;
    for (Part part : parts) {
      last = Math.max(last, part.last());
    }
    return last;
  }

  /** Whether this is a plain buffer: one part, at the block's own offset. */
  public boolean isPlain() {
    return parts.size() == 1 && parts.getFirst().offset() == 0;
  }
}
