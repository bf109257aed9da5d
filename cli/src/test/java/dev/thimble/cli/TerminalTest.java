package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.report.picture.TextStyle;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void theWidthIsThatOfColumnsWithinReason() {
    assertThat(width(Map.of())).isEqualTo(100);
    assertThat(width(Map.of("COLUMNS", "80"))).isEqualTo(80);
    assertThat(width(Map.of("COLUMNS", "3"))).isEqualTo(40);
    assertThat(width(Map.of("COLUMNS", "999999"))).isEqualTo(400);
    assertThat(width(Map.of("COLUMNS", "-1"))).isEqualTo(100);
  }

  @Test
  void coloursNeedATerminalThatNobodyWantsPlain() {
    Map<String, String> xterm = Map.of("TERM", "xterm");
    assertThat(Terminal.style(xterm, true, true)).isEqualTo(new TextStyle(100, true, true));
    assertThat(Terminal.style(xterm, true, false).colours()).isFalse();
    assertThat(Terminal.style(Map.of("TERM", "dumb"), true, true).colours()).isFalse();
    assertThat(Terminal.style(Map.of("TERM", "xterm", "NO_COLOR", "1"), true, true).colours())
        .isFalse();
  }

  private static int width(Map<String, String> environment) {
    return Terminal.style(environment, true, true).width();
  }
}
