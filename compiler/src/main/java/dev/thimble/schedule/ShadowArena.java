package dev.thimble.schedule;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who wrote each byte of an arena last. */
final class ShadowArena {
  private record Cell(long end, Object owner) {}

  private final long bytes;
  private final TreeMap<Long, Cell> cells = new TreeMap<>();

  /** The offsets at which the memories end that the arena lies in. */
  private final NavigableSet<Long> ends;

  ShadowArena(long bytes, Collection<Long> ends) {
    this.bytes = bytes;
    this.ends = new TreeSet<>(ends);
  }

  /** Makes these bytes the owner's; throws {@link ScheduleException} where they lie outside. */
  void write(long offset, long length, Object owner) {
    if (offset < 0 || offset + length > bytes) {
      throw new ScheduleException(
          String.format(
              Locale.ROOT,
              "%s at %d, %d bytes, lies outside of the arena of %d bytes",
              owner,
              offset,
              length,
              bytes));
    }
    Long nextEnd = ends.higher(offset);
    if (nextEnd != null && offset + length > nextEnd) {
      throw new ScheduleException(
          String.format(
              Locale.ROOT,
              "%s at %d, %d bytes, lies across the end of a memory at %d",
              owner,
              offset,
              length,
              nextEnd));
    }
    long start = offset;
    long end = offset + length;
    Map.Entry<Long, Cell> below = cells.lowerEntry(start);
    if (below != null && below.getValue().end() >= start) {
      Cell cell = below.getValue();
      if (cell.owner().equals(owner)) {
        start = below.getKey();
        end = Math.max(end, cell.end());
      } else {
        cells.put(below.getKey(), new Cell(start, cell.owner()));
        if (cell.end() > end) {
          cells.put(end, cell);
        }
      }
    }
    clear(start, end, owner);
  }

  private void clear(long start, long length, Object owner) {
    long end = length;
    for (Map.Entry<Long, Cell> at = cells.ceilingEntry(start);
        at != null && at.getKey() <= end;
        at = cells.ceilingEntry(start)) {
      Cell cell = at.getValue();
      boolean same = cell.owner().equals(owner);
      if (at.getKey() == end && !same) {
        break;
      }
      cells.remove(at.getKey());
      if (cell.end() > end) {
        if (same) {
          end = cell.end();
        } else {
          cells.put(end, cell);
        }
      }
    }
    cells.put(start, new Cell(end, owner));
  }

  /** Whether the owner wrote all of these bytes last. */
  boolean holds(long offset, long length, Object owner) {
    Map.Entry<Long, Cell> at = cells.floorEntry(offset);
    return at != null
        && at.getValue().owner().equals(owner)
        && at.getValue().end() >= offset + length;
  }
}
