package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Area;
import dev.thimble.report.picture.ArenaPicture.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is drawn in one colour: all areas of a value, or all values of a kind that are too many to
 * tell apart.
 *
 * @param areas at least one
 */
record Held(String name, Kind kind, List<Area> areas) {
  /** A value's name and kind: in place, an input may lie under the name of an output. */
  private record Key(String name, Kind kind) {}

  Held {
    areas = List.copyOf(areas);
  }

  /**
   * What a picture holds: by bytes at the peak, the most first; then by bytes at any time. Beyond
   * {@code limit} values, the remaining ones of each kind are held together.
   */
  static List<Held> of(ArenaPicture picture, int limit) {
    Map<Key, List<Area>> groups = new LinkedHashMap<>();
    for (Area area : picture.areas()) {
      groups.computeIfAbsent(new Key(area.name(), area.kind()), k -> new ArrayList<>()).add(area);
    }
    List<Held> all = new ArrayList<>();
    groups.forEach((key, areas) -> all.add(new Held(key.name(), key.kind(), areas)));
    int peak = picture.peakTick();
    all.sort(
        Comparator.<Held>comparingLong(held -> -held.bytesAt(peak))
            .thenComparingLong(held -> -held.size())
            .thenComparingInt(Held::firstTick)
            .thenComparing(Held::name)
            .thenComparing(Held::kind));
    List<Held> told = new ArrayList<>(all.subList(0, Math.min(limit, all.size())));
    Map<Kind, List<Held>> rest = new EnumMap<>(Kind.class);
    for (Held held : all.subList(told.size(), all.size())) {
      rest.computeIfAbsent(held.kind(), k -> new ArrayList<>()).add(held);
    }
    rest.forEach((kind, few) -> told.add(together(kind, few)));
    return told;
  }

  private static Held together(Kind kind, List<Held> rest) {
    String name = rest.size() == 1 ? rest.getFirst().name() : rest.size() + " further values";
    return new Held(name, kind, rest.stream().flatMap(h -> h.areas().stream()).toList());
  }

  long bytesAt(int tick) {
    return areas.stream().filter(area -> area.livesAt(tick)).mapToLong(Area::bytes).sum();
  }

  /** The most bytes at one tick. */
  long mostBytes() {
    SortedMap<Integer, Long> changes = new TreeMap<>();
    for (Area area : areas) {
      changes.merge(area.firstTick(), area.bytes(), Long::sum);
      changes.merge(area.lastTick() + 1, -area.bytes(), Long::sum);
    }
    long most = 0;
    long sum = 0;
    for (long change : changes.values()) {
      sum += change;
      most = Math.max(most, sum);
    }
    return most;
  }

  int piecesAt(int tick) {
    return (int) areas.stream().filter(area -> area.livesAt(tick)).count();
  }

  int firstTick() {
    return areas.stream().mapToInt(Area::firstTick).min().orElseThrow();
  }

  int lastTick() {
    return areas.stream().mapToInt(Area::lastTick).max().orElseThrow();
  }

  long lowest() {
    return areas.stream().mapToLong(Area::offset).min().orElseThrow();
  }

  long lowestAt(int tick) {
    return areas.stream()
        .filter(area -> area.livesAt(tick))
        .mapToLong(Area::offset)
        .min()
        .orElseThrow();
  }

  long highest() {
    return areas.stream().mapToLong(Area::end).max().orElseThrow();
  }

  private long size() {
    return areas.stream().mapToLong(Area::bytes).sum();
  }
}
