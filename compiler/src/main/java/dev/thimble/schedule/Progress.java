package dev.thimble.schedule;

import dev.thimble.kernel.Form;

/** The numbers by which a stream knows what it has done, as {@code common/stream.h} keeps them. */
public final class Progress {
  /** The most rows and turns that a number of 16 bits counts. */
  public static final int NARROW = 0xFFFF;

  /** Where in the order the stream stands takes so many numbers. */
  private static final int POSITION_FIELDS = 3;

  private Progress() {}

  /** How many numbers there are: the position, and for each stage, and the input, its turns. */
  public static int fields(Step.Stream stream) {
    return POSITION_FIELDS + stream.stages().size() + (stream.fed().isPresent() ? 1 : 0);
  }

  /** The bytes of a number: 2, or 4 where some number of rows or turns needs more. */
  public static int fieldBytes(Schedule schedule) {
    return isWide(schedule) ? 4 : 2;
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
