package dev.thimble.schedule.offsets;

import java.util.Locale;

/**
 * A range of bytes of a block, in use during a range of ticks.
 *
 * @param offset where the range starts, in bytes from the block's own offset; at least 0
 * @param bytes the length of the range; at least 1
 * @param first the first tick at which it is in use
 * @param last the last tick at which it is in use, inclusive; not below {@code first}
 */
public record Part(long offset, long bytes, int first, int last) {
  public Part {
    if (offset < 0 || bytes < 1 || offset > Problem.MOST_BYTES || bytes > Problem.MOST_BYTES) {
      throw new IllegalArgumentException(
          String.format(
                  Locale.ROOT,
                  "part of %d bytes at offset %d: expected at least 1 byte at offset 0 or above,"
                      + " both at",
                  bytes,
                  offset)
              + " most "
              + Problem.MOST_BYTES);
    }
    if (first > last) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "part in use from tick %d to %d: the last tick is before the first",
              first,
              last));
    }
  }

  /** Where the range ends, in bytes from the block's own offset, exclusive. */
  public long end() {
    return offset + bytes;
  }

  /** Whether both are in use at one tick at least. */
  public boolean meets(Part other) {
    return first <= other.last && other.first <= last;
  }
}
