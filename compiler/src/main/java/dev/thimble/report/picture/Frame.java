package dev.thimble.report.picture;

/**
 * Where things stand in the drawing of the arena, in pixels of a drawing of {@link #WIDTH}.
 *
 * @param arenaBytes what the height of the plot stands for
 */
record Frame(long arenaBytes) {
  static final int WIDTH = 1200;
  static final int LEFT = 84;
  static final int TOP = 30;

  /** The plot's size. */
  static final int PLOT_WIDTH = WIDTH - LEFT - 16;

  static final int PLOT_HEIGHT = 420;

  /** The strip below it that shows how much is in use. */
  static final int STRIP_TOP = TOP + PLOT_HEIGHT + 16;

  static final int STRIP_HEIGHT = 84;
  static final int BOTTOM = STRIP_TOP + STRIP_HEIGHT;

  /** Room for the names of the phases. */
  static final int HEIGHT = BOTTOM + 124;

  double y(double bytes) {
    return TOP + PLOT_HEIGHT - bytes * PLOT_HEIGHT / Math.max(1, arenaBytes);
  }

  double stripY(double bytes) {
    return BOTTOM - bytes * STRIP_HEIGHT / Math.max(1, arenaBytes);
  }

  /** The distance of gridlines: 1, 2 or 5 times a power of ten, four to ten of them. */
  long gridBytes() {
    long step = 1;
    for (int i = 0; arenaBytes / step > 6; i++) {
      step = step / (i % 3 == 0 ? 1 : i % 3 == 1 ? 2 : 5) * (i % 3 == 0 ? 2 : i % 3 == 1 ? 5 : 10);
    }
    return step;
  }
}
