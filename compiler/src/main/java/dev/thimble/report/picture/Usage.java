package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Area;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The bytes of the arena that something lies in, tick by tick; what overlaps counts once. */
final class Usage {
  private final long[] used;

  private Usage(long[] used) {
    this.used = used;
  }

  static Usage of(ArenaPicture picture) {
    long[] used = new long[picture.ticks()];
    long[] end = new long[picture.ticks()];
    List<Area> upwards =
        picture.areas().stream().sorted(Comparator.comparingLong(Area::offset)).toList();
    for (Area area : upwards) {
      for (int tick = area.firstTick(); tick <= area.lastTick(); tick++) {
        used[tick] += Math.max(0, area.end() - Math.max(area.offset(), end[tick]));
        end[tick] = Math.max(end[tick], area.end());
      }
    }
    return new Usage(used);
  }

  long at(int tick) {
    return used[tick];
  }

  /** The most bytes in use at one of these ticks, both inclusive. */
  long most(int first, int last) {
    return Arrays.stream(used, first, last + 1).max().orElse(0);
  }
}
