package dev.thimble.report.picture;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/**
 * What lies where in the arena and when. Time is counted in ticks from 0; sizes and offsets are in
 * bytes.
 *
 * @param arenaBytes the arena's size; every area lies between 0 and it
 * @param lowerBound the bytes that no offsets for these areas could do without
 * @param ticks the number of ticks; each belongs to one phase
 * @param peakTick the tick at which most bytes are in use; the first of them, where several are
 * @param phases the steps of the schedule in their order, without gaps: from tick 0 to the last
 * @param areas what lies in the arena, in any order; many may share a name, as rows of a value do
 * @param strategies what each memory strategy would need, from the plainest to the most frugal
 */
public record ArenaPicture(
    long arenaBytes,
    long lowerBound,
    int ticks,
    int peakTick,
    List<Phase> phases,
    List<Area> areas,
    List<Option> strategies) {
  /** What an area holds. */
  public enum Kind {
    STATE,
    INPUT,
    OUTPUT,
    ACTIVATION,
    SCRATCH;

    /** The name in reports, such as {@code activation}. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A step of the schedule: its name and its ticks, both inclusive. */
  public record Phase(String label, int firstTick, int lastTick) {
    /** The number of ticks. */
    int ticks() {
      return lastTick - firstTick + 1;
    }
  }

  /** A rectangle of bytes and ticks, both ticks inclusive, and the value that it belongs to. */
  public record Area(String name, Kind kind, long offset, long bytes, int firstTick, int lastTick) {
    /** The first byte behind the area. */
    long end() {
      return offset + bytes;
    }

    boolean livesAt(int tick) {
      return firstTick <= tick && tick <= lastTick;
    }
  }

  /** What a strategy would need, the bound of its own schedule, and whether it was taken. */
  public record Option(String strategy, long arenaBytes, long lowerBound, boolean taken) {}

  /**
   * Throws {@link IllegalArgumentException} when the phases have gaps or something lies outside.
   */
  public ArenaPicture {
    phases = List.copyOf(phases);
    areas = List.copyOf(areas);
    strategies = List.copyOf(strategies);
    int next = 0;
    for (Phase phase : phases) {
      require(phase.firstTick() == next && phase.ticks() > 0, phase);
      next = phase.lastTick() + 1;
    }
    require(next == ticks && ticks > 0, "the phases, which end before tick " + next);
    require(0 <= peakTick && peakTick < ticks, "peak tick " + peakTick);
    for (Area area : areas) {
      require(area.offset() >= 0 && area.bytes() >= 0 && area.end() <= arenaBytes, area);
      require(area.firstTick() >= 0 && area.firstTick() <= area.lastTick(), area);
      require(area.lastTick() < ticks, area);
    }
  }

  private static void require(boolean holds, Object what) {
    if (!holds) {
      throw new IllegalArgumentException(what + " does not fit the picture");
    }
  }

  /** The phase that a tick belongs to. */
  public Phase phaseAt(int tick) {
    return phases.stream().filter(phase -> tick <= phase.lastTick()).findFirst().orElseThrow();
  }
}
