package dev.thimble.cli;

import dev.thimble.report.picture.TextStyle;
import java.util.Map;

/** What is known of the terminal behind stderr. */
final class Terminal {
  private static final int WIDTH = 100;
  private static final int NARROWEST = 40;
  private static final int WIDEST = 400;

  private Terminal() {}

  /** How stderr shows pictures: {@code COLUMNS} wide, coloured unless NO_COLOR is set. */
  static TextStyle style() {
    boolean blocks = System.err.charset().newEncoder().canEncode("░▒▓█▁▇│┊┬─└▲▼…");
    return style(System.getenv(), blocks, Boolean.getBoolean("thimble.terminal"));
  }

  static TextStyle style(Map<String, String> environment, boolean blocks, boolean terminal) {
    boolean plain =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "dumb").equals("dumb");
    String columns = environment.getOrDefault("COLUMNS", "");
    int width = columns.matches("[0-9]{1,6}") ? Integer.parseInt(columns) : WIDTH;
    return new TextStyle(Math.clamp(width, NARROWEST, WIDEST), blocks, terminal && !plain);
  }
}
