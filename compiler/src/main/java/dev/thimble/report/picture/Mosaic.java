package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Area;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arena in cells: each column shows one tick, each row an equal share of the bytes, row 0 from
 * offset 0; a cell belongs to what takes most of it, and to nothing if most of it is free.
 */
final class Mosaic {
  /** The owner of a free cell. */
  static final int FREE = -1;

  /** Cells of one owner: columns and rows from inclusive, to exclusive. */
  record Box(int owner, int left, int right, int bottom, int top) {
    int cells() {
      return (right - left) * (top - bottom);
    }
  }

  private final int[] ticks;
  private final int rows;
  private final double rowBytes;
  private final int[][] owners;

  /** What the owner of each cell takes of it, and what all together take; 1 is the whole cell. */
  private final double[][] largest;

  private final double[][] total;

  private Mosaic(int[] ticks, int rows, long arenaBytes) {
    this.ticks = ticks;
    this.rows = rows;
    this.rowBytes = Math.max(1, arenaBytes) / (double) rows;
    owners = new int[ticks.length][rows];
    largest = new double[ticks.length][rows];
    total = new double[ticks.length][rows];
  }

  /**
   * The mosaic; owners are indexes of {@code all}.
   *
   * @param ticks for each column the tick that it shows, in ascending order
   */
  static Mosaic of(List<Held> all, int[] ticks, int rows, long arenaBytes) {
    Mosaic mosaic = new Mosaic(ticks, rows, arenaBytes);
    for (int i = 0; i < all.size(); i++) {
      mosaic.add(i, all.get(i));
    }
    for (int column = 0; column < ticks.length; column++) {
      for (int row = 0; row < rows; row++) {
        double free = 1 - mosaic.total[column][row];
        if (mosaic.largest[column][row] < free) {
          mosaic.owners[column][row] = FREE;
        }
      }
    }
    return mosaic;
  }

  /** The ticks that columns of equal width show; the one with the peak shows the peak. */
  static int[] sample(TimeScale scale, double width, int columns, int peakTick) {
    int[] ticks = new int[columns];
    double each = width / columns;
    for (int i = 0; i < columns; i++) {
      ticks[i] = scale.tickAt((i + 0.5) * each);
    }
    ticks[column(scale, width, columns, peakTick)] = peakTick;
    return ticks;
  }

  /** The column that a tick's middle falls into. */
  static int column(TimeScale scale, double width, int columns, int tick) {
    return Math.clamp((int) (scale.middle(tick) * columns / width), 0, columns - 1);
  }

  private void add(int owner, Held held) {
    double[][] share = new double[ticks.length][];
    for (Area area : held.areas()) {
      int left = firstColumn(area.firstTick());
      int right = firstColumn(area.lastTick() + 1);
      int top = Math.min(rows, (int) Math.ceil(area.end() / rowBytes));
      for (int row = (int) (area.offset() / rowBytes); row < top; row++) {
        double from = Math.max(area.offset(), row * rowBytes);
        double part = (Math.min(area.end(), (row + 1) * rowBytes) - from) / rowBytes;
        for (int column = left; column < right; column++) {
          share[column] = share[column] == null ? new double[rows] : share[column];
          share[column][row] += part;
        }
      }
    }
    for (int column = 0; column < ticks.length; column++) {
      for (int row = 0; share[column] != null && row < rows; row++) {
        total[column][row] += share[column][row];
        if (share[column][row] > largest[column][row]) {
          largest[column][row] = share[column][row];
          owners[column][row] = owner;
        }
      }
    }
  }

  /** The first column whose tick is not before this one. */
  private int firstColumn(int tick) {
    int at = Arrays.binarySearch(ticks, tick);
    if (at < 0) {
      return -at - 1;
    }
    while (at > 0 && ticks[at - 1] == tick) {
      at--;
    }
    return at;
  }

  int columns() {
    return ticks.length;
  }

  int rows() {
    return rows;
  }

  int owner(int column, int row) {
    return owners[column][row];
  }

  /** Boxes that cover each owned cell once. */
  List<Box> boxes() {
    List<Box> done = new ArrayList<>();
    List<Box> open = new ArrayList<>();
    for (int column = 0; column < ticks.length; column++) {
      List<Box> next = new ArrayList<>();
      int row = 0;
      while (row < rows) {
        int bottom = row;
        int owner = owners[column][bottom];
        while (row < rows && owners[column][row] == owner) {
          row++;
        }
        if (owner != FREE) {
          next.add(grown(open, new Box(owner, column, column + 1, bottom, row)));
        }
      }
      done.addAll(open);
      open = next;
    }
    done.addAll(open);
    return done;
  }

  /** The run of a column, together with the box to its left if that has the same rows. */
  private static Box grown(List<Box> open, Box run) {
    for (Box box : open) {
      if (box.owner() == run.owner() && box.bottom() == run.bottom() && box.top() == run.top()) {
        open.remove(box);
        return new Box(run.owner(), box.left(), run.right(), run.bottom(), run.top());
      }
    }
    return run;
  }

  /**
   * The largest box of each owner's own cells, by cells; an empty one for owners without a cell.
   *
   * @param count the number of owners
   */
  List<Box> largestBoxes(int count) {
    Box[] best = new Box[count];
    int[] height = new int[ticks.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < ticks.length; column++) {
        boolean same = row > 0 && owners[column][row] == owners[column][row - 1];
        height[column] = same ? height[column] + 1 : 1;
      }
      for (int left = 0; left < ticks.length; left++) {
        extend(best, height, left, row);
      }
    }
    List<Box> found = new ArrayList<>();
    for (int owner = 0; owner < count; owner++) {
      found.add(best[owner] == null ? new Box(owner, 0, 0, 0, 0) : best[owner]);
    }
    return found;
  }

  /** Tries the boxes whose upper left corner is this cell. */
  private void extend(Box[] best, int[] height, int left, int row) {
    int owner = owners[left][row];
    int least = height[left];
    for (int right = left; right < ticks.length && owner != FREE; right++) {
      if (owners[right][row] != owner) {
        return;
      }
      least = Math.min(least, height[right]);
      int cells = least * (right - left + 1);
      if (best[owner] == null || cells > best[owner].cells()) {
        best[owner] = new Box(owner, left, right + 1, row + 1 - least, row + 1);
      }
    }
  }
}
