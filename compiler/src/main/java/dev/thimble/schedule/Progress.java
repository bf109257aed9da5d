package dev.thimble.schedule;

import dev.thimble.kernel.Form;

/** The numbers by which a stream knows what it has done, as {@code common/stream.h} keeps them. */
public final class Progress {
  /** The most rows and turns that a number of 16 bits counts. */
  public static final int NARROW = 0xFFFF;

  private static final int TINY = 0xFF;

  /** Where in the order the stream stands takes so many numbers. */
  private static final int POSITION_FIELDS = 3;

  private Progress() {}

  /** How many numbers there are: the position, and for each stage, and the input, its turns. */
  public static int fields(Step.Stream stream) {
    return POSITION_FIELDS + stream.stages().size() + (stream.fed().isPresent() ? 1 : 0);
  }

  /** The bytes of a number: 1 if 8 bits hold all numbers of every stream, else 2 or 4. */
  public static int fieldBytes(Schedule schedule) {
    if (isWide(schedule)) {
      return 4;
    }
    return schedule.steps().stream()
            .allMatch(step -> !(step instanceof Step.Stream stream) || isTiny(stream))
        ? 1
        : 2;
  }

  /** Whether 8 bits hold every number: of rows, of turns, of phases and of their repetitions. */
  private static boolean isTiny(Step.Stream stream) {
    TurnPhases phases = TurnPhases.of(stream.order());
    return stream.fed().stream().allMatch(f -> f.rows() <= TINY)
        && stream.stages().stream().allMatch(stage -> stage.rows().turns() <= TINY)
        && phases.phases().size() <= TINY
        && phases.phases().stream()
            .allMatch(phase -> phase.times() <= TINY && phase.end() - phase.begin() <= TINY);
  }

  /** Whether some number of rows or turns needs more than 16 bits. */
  public static boolean isWide(Schedule schedule) {
    return schedule.steps().stream()
        .anyMatch(step ->
            switch (step) {
              case Step.Single single -> isWide(single.kernel().form());
              case Step.Stream stream ->
                  stream.order().turns().size() > NARROW
                      || stream.fed().filter(f -> f.rows() > NARROW).isPresent()
                      || stream.stages().stream().anyMatch(s -> isWide(s.kernel().form()));
            });
  }

  private static boolean isWide(Form form) {
    return switch (form) {
      case Form.Tile tile ->
          tile.rows() > NARROW
              || tile.batch() > NARROW
              || tile.window().size() > NARROW
              || tile.window().stride() > NARROW
              || tile.window().before() > Short.MAX_VALUE
              || tile.operands().stream().anyMatch(o -> o.rows() > NARROW);
      case Form.Reduce reduce -> reduce.rows() > NARROW;
      case Form.Whole whole -> false;
    };
  }
}
