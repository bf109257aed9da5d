package dev.thimble.schedule;

import dev.thimble.schedule.region.RamMemory;

/**
 * The part of an arena that lies in one memory of a board. Offsets of a plan count through its
 * parts, one after the other, as if they adjoined; nothing lies across the end of one.
 *
 * @param memory where it lies
 * @param start the offset at which the part begins, a multiple of {@link #ALIGNMENT} bytes
 * @param bytes its size
 * @param accessBytes an estimate of the bytes that one inference reads and writes in it
 */
public record RegionArena(RamMemory memory, long start, long bytes, long accessBytes) {
  /** What each part's address is a multiple of. */
  public static final int ALIGNMENT = 16;

  /** The offset behind its last byte. */
  public long end() {
    return start + bytes;
  }
}
