package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Area;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rectangles to draw. As long as there are few enough, they are the areas exactly, joined where
 * areas of a value touch. Otherwise what lives at the peak stays exact, and all else is drawn in
 * cells, as fine as the number of rectangles allows.
 *
 * @param rectangles for each value, in bytes and pixels
 * @param cell the width and height of a cell in pixels; 0 if all is exact
 */
record Shapes(List<List<Rectangle>> rectangles, int cell) {
  /** Pixels from the left, bytes from the bottom of the arena. */
  record Rectangle(double left, double right, double bottom, double top) {}

  /** So many rectangles are drawn exactly, or in cells. */
  static final int MOST = 3000;

  /** So many of the peak's are drawn exactly beside the cells; no picture has as many pixels. */
  private static final int MOST_AT_PEAK = 1200;

  static Shapes of(ArenaPicture picture, List<Held> all, TimeScale scale, int width, int height) {
    List<List<Area>> joined = all.stream().map(held -> joined(held.areas())).toList();
    if (joined.stream().mapToInt(List::size).sum() <= MOST) {
      return new Shapes(joined.stream().map(areas -> exact(areas, scale)).toList(), 0);
    }
    List<List<Area>> atPeak = atPeak(joined, picture.peakTick());
    for (int cell = 1; ; cell++) {
      Mosaic mosaic = mosaic(picture, all, scale, width / cell, height / cell, width);
      List<Mosaic.Box> boxes = mosaic.boxes();
      if (boxes.size() <= MOST) {
        return new Shapes(cells(picture, boxes, mosaic, atPeak, scale, width), cell);
      }
    }
  }

  private static Mosaic mosaic(
      ArenaPicture picture, List<Held> all, TimeScale scale, int columns, int rows, int width) {
    int[] ticks = Mosaic.sample(scale, width, Math.max(1, columns), picture.peakTick());
    return Mosaic.of(all, ticks, Math.max(1, rows), picture.arenaBytes());
  }

  private static List<List<Rectangle>> cells(
      ArenaPicture picture,
      List<Mosaic.Box> boxes,
      Mosaic mosaic,
      List<List<Area>> atPeak,
      TimeScale scale,
      int width) {
    double pixels = width / (double) mosaic.columns();
    double bytes = picture.arenaBytes() / (double) mosaic.rows();
    List<List<Rectangle>> drawn = new ArrayList<>();
    atPeak.forEach(areas -> drawn.add(new ArrayList<>()));
    for (Mosaic.Box box : boxes) {
      drawn
          .get(box.owner())
          .add(
              new Rectangle(
                  box.left() * pixels,
                  box.right() * pixels,
                  box.bottom() * bytes,
                  box.top() * bytes));
    }
    for (int i = 0; i < drawn.size(); i++) {
      drawn.get(i).addAll(exact(atPeak.get(i), scale));
    }
    return drawn;
  }

  /** The joined areas that live at the peak; of too many the largest. */
  private static List<List<Area>> atPeak(List<List<Area>> joined, int peak) {
    long least =
        joined.stream()
            .flatMap(List::stream)
            .filter(area -> area.livesAt(peak))
            .map(Area::bytes)
            .sorted(Comparator.reverseOrder())
            .skip(MOST_AT_PEAK)
            .findFirst()
            .orElse(-1L);
    return joined.stream()
        .map(areas -> areas.stream().filter(a -> a.livesAt(peak) && a.bytes() > least).toList())
        .toList();
  }

  private static List<Rectangle> exact(List<Area> areas, TimeScale scale) {
    return areas.stream()
        .map(area ->
            new Rectangle(
                scale.start(area.firstTick()),
                scale.start(area.lastTick() + 1),
                area.offset(),
                area.end()))
        .toList();
  }

  /** The areas of a value with those joined that touch in time, then those that touch in place. */
  private static List<Area> joined(List<Area> areas) {
    Map<List<Long>, Area> open = new LinkedHashMap<>();
    List<Area> inTime = new ArrayList<>();
    for (Area area : sorted(areas, Comparator.comparingInt(Area::firstTick))) {
      List<Long> place = List.of(area.offset(), area.bytes());
      Area before = open.get(place);
      if (before != null && area.firstTick() <= before.lastTick() + 1) {
        int last = Math.max(before.lastTick(), area.lastTick());
        open.put(place, with(before, before.bytes(), last));
      } else {
        Area left = open.put(place, area);
        if (left != null) {
          inTime.add(left);
        }
      }
    }
    inTime.addAll(open.values());
    return joinedInPlace(inTime);
  }

  private static List<Area> joinedInPlace(List<Area> areas) {
    Map<List<Integer>, Area> open = new LinkedHashMap<>();
    List<Area> done = new ArrayList<>();
    for (Area area : sorted(areas, Comparator.comparingLong(Area::offset))) {
      List<Integer> time = List.of(area.firstTick(), area.lastTick());
      Area below = open.get(time);
      if (below != null && below.end() == area.offset()) {
        open.put(time, with(below, below.bytes() + area.bytes(), below.lastTick()));
      } else {
        Area left = open.put(time, area);
        if (left != null) {
          done.add(left);
        }
      }
    }
    done.addAll(open.values());
    return sorted(done, Comparator.comparingInt(Area::firstTick).thenComparingLong(Area::offset));
  }

  private static List<Area> sorted(List<Area> areas, Comparator<Area> order) {
    return areas.stream().sorted(order).toList();
  }

  private static Area with(Area area, long bytes, int last) {
    return new Area(area.name(), area.kind(), area.offset(), bytes, area.firstTick(), last);
  }
}
