package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Area;
import dev.thimble.report.picture.ArenaPicture.Kind;
import dev.thimble.report.picture.ArenaPicture.Option;
import dev.thimble.report.picture.ArenaPicture.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pictures to draw. */
public final class Pictures {
  private Pictures() {}

  /** Three nodes; the input dies in the first, the peak is in the second. */
  public static ArenaPicture small(String name) {
    return new ArenaPicture(
        1000,
        900,
        5,
        2,
        List.of(
            new Phase("before", 0, 0),
            new Phase("conv", 1, 1),
            new Phase("pool of " + name, 2, 2),
            new Phase("fc", 3, 3),
            new Phase("after", 4, 4)),
        List.of(
            new Area("image", Kind.INPUT, 0, 400, 0, 1),
            new Area(name, Kind.ACTIVATION, 400, 400, 1, 2),
            new Area("pool", Kind.ACTIVATION, 0, 300, 2, 3),
            new Area("pool scratch", Kind.SCRATCH, 800, 200, 2, 2),
            new Area("scores", Kind.OUTPUT, 300, 100, 3, 4)),
        List.of(new Option("naive", 1400, 900, false), new Option("greedy", 1000, 900, true)));
  }

  /** Areas anywhere, some of one value in many rows, in phases of one or of many ticks. */
  static ArenaPicture random(long seed, int count, int names, int length) {
    Random random = new Random(seed);
    List<Phase> phases = new ArrayList<>();
    int tick = 0;
    for (int i = 0; i < 40; i++) {
      int last = tick + (i % 10 == 3 ? 500 : 1) - 1;
      phases.add(new Phase("node_" + i + "é".repeat(length), tick, last));
      tick = last + 1;
    }
    long arena = 100_000;
    List<Area> areas = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = random.nextInt(tick);
      int last = Math.min(tick - 1, first + random.nextInt(200));
      long bytes = 1 + random.nextInt(2000);
      long offset = random.nextInt((int) (arena - bytes));
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      String name = "value " + random.nextInt(names) + "x".repeat(length);
      areas.add(new Area(name, kind, offset, bytes, first, last));
    }
    return new ArenaPicture(
        arena, arena, tick, tick / 2, phases, areas, List.of(new Option("naive", arena, 1, true)));
  }
}
