package dev.thimble.schedule.region;

/**
 * A piece of the arena that lies in one region: a value, a ring of rows, scratch, a buffer of
 * weights.
 *
 * @param bytes its size
 * @param first the first tick at which it is in use
 * @param last the last, inclusive
 * @param accessBytes the bytes that one inference reads and writes in it
 */
public record Item(String name, long bytes, int first, int last, long accessBytes) {
  public Item {
    if (bytes < 0 || accessBytes < 0 || last < first) {
      throw new IllegalArgumentException(
          "item '" + name + "' has no sensible size, accesses or live range");
    }
  }
}
