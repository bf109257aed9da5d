package dev.thimble.schedule;

/**
 * The ticks of a schedule: the grain at which memory is in use. A step that is one call has two,
 * the first for what it reads and the second for what it leaves. Each turn of a stream is one tick.
 * Tick 0 is before the first step, and the last tick after the last step.
 */
public final class Timeline {
  /** The tick before the first step, when graph inputs are written. */
  public static final int BEFORE = 0;

  private final int[] starts;

  private Timeline(int[] starts) {
    this.starts = starts;
  }

  public static Timeline of(Schedule schedule) {
    int[] starts = new int[schedule.steps().size() + 1];
    starts[0] = BEFORE + 1;
    for (int i = 0; i < schedule.steps().size(); i++) {
      int ticks =
          switch (schedule.steps().get(i)) {
            case Step.Single single -> 2;
            case Step.Stream stream -> stream.order().turns().size();
          };
      starts[i + 1] = starts[i] + ticks;
    }
    return new Timeline(starts);
  }

  /** The first tick of a step: when a single call reads, or a stream takes its first turn. */
  public int first(int step) {
    return starts[step];
  }

  /** The last tick of a step: when what a single call writes exists, or a stream's last turn. */
  public int last(int step) {
    return starts[step + 1] - 1;
  }

  /** The tick after the last step, when graph outputs are read. */
  public int after() {
    return starts[starts.length - 1];
  }

  /** The step that a tick belongs to: -1 before the first, the number of steps after the last. */
  public int step(int tick) {
    int low = 0;
    int high = starts.length - 1;
    if (tick < starts[0]) {
      return -1;
    }
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (starts[middle] <= tick) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
