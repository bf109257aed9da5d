package dev.thimble.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.cli.bench.FormatsBench.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FormatsPageTest {
  private static final List<Row> ROWS =
      List.of(
          row("float32", null, 90, 88_000),
          row("int8", "fast", 90, 22_000),
          row("int4", "fast", 85, 11_000),
          row("int4", "best", 88, 11_000),
          row("int2", "best", 40, 5_500));

  @Test
  void aProgramIsDominatedByOneThatIsAsGoodInBothAndBetterInOne() {
    assertThat(ROWS.stream().map(row -> row.dominated(ROWS)))
        .containsExactly(true, false, true, false, false);
    assertThat(ROWS.getFirst().dominated(List.of(ROWS.getFirst(), ROWS.getFirst()))).isFalse();
  }

  @Test
  void thePageMarksTheFrontAndSaysWhatWasNotSimulated() {
    BenchReport report =
        new BenchReport(
            "./thimble bench", "cortex-m4", false, "1", null, null, null, null, null, ROWS);
    String page = BenchPage.write(report);
    assertThat(page).contains("## Formats of filters").contains("Nothing was simulated.");
    List<String> lines = page.lines().filter(line -> line.startsWith("| int")).toList();
    assertThat(lines.stream().map(line -> line.endsWith("*  |") || line.contains(" * |")))
        .containsExactly(true, false, true, true);
    assertThat(lines.getFirst()).contains("90.0 %").contains("22,000");
    assertThat(report.failed()).isFalse();
  }

  @Test
  void aProgramThatStoresSomethingElseFailsTheRun() {
    Row wrong = new Row("int8", "fast", 90, 95, 100, 22_000, 4_000, 1_000_000L, false);
    BenchReport report =
        new BenchReport(
            "./thimble bench",
            "cortex-m4",
            true,
            "1",
            null,
            null,
            null,
            null,
            null,
            List.of(wrong));
    assertThat(report.failed()).isTrue();
    assertThat(BenchPage.write(report)).contains("**Not every simulated program");
  }

  private static Row row(String format, @Nullable String quality, long correct, long weights) {
    return new Row(format, quality, correct, 95, 100, weights, 4_000, null, true);
  }
}
