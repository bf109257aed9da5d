package dev.thimble.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MemoryBenchTest {
  @Test
  void theExamplesArePlannedWithEachStrategyNoWorseThanTheOneBefore() throws IOException {
    List<MemoryBench.Row> rows = examples();
    assertThat(rows)
        .extracting(MemoryBench.Row::model)
        .containsExactly(
            "digits/lenet5_float.tflite",
            "digits/lenet5_int8.tflite",
            "cifar_net/cifar_net_float.tflite",
            "cifar_net/cifar_net_int8.tflite");
    assertThat(rows)
        .allSatisfy(row -> {
          assertThat(row.inPlace()).isLessThanOrEqualTo(row.greedy());
          assertThat(row.overlap()).isLessThanOrEqualTo(row.paper());
          assertThat(row.best()).isLessThanOrEqualTo(row.overlap());
          assertThat(row.gap()).isBetween(0L, row.best());
          assertThat(row.plain()).isNull();
        });
  }

  @Test
  void unlusPlanOfHisNetworksTakesWhatHisPaperSays() throws IOException {
    List<MemoryBench.Row> rows = examples();
    assertThat(rows.get(0).paper()).isEqualTo(8_800);
    assertThat(rows.get(1).paper()).isEqualTo(2_200);
  }

  @Test
  void thePageHasATableOfSizesAndOneOfInstructionsWhoseColumnsStandBelowEachOther()
      throws IOException {
    BenchReport report =
        new BenchReport(
            "./thimble bench", "cortex-m4", false, "1", examples(), null, null, null, null, null);
    String page = BenchPage.write(report);
    assertThat(page)
        .contains("## Memory")
        .contains("### What it costs")
        .contains("Nothing was simulated")
        .doesNotContain("## Offset assignment")
        .doesNotContain("## Time to compile")
        .doesNotContain(root().toAbsolutePath().normalize().toString());
    assertThat(BenchPage.write(report)).isEqualTo(page);
    for (String block : page.split("\n\n")) {
      if (block.startsWith("| network")) {
        assertThat(block.lines().map(String::length).distinct()).hasSize(1);
        assertThat(block.lines().toList().get(1)).matches(Pattern.compile("\\|-+\\|(-+:\\|)+"));
      }
    }
    assertThat(page).contains(" 416,520 |");
  }

  private static List<MemoryBench.Row> examples() throws IOException {
    return new MemoryBench(Target.CORTEX_M4, false, progress -> {})
        .run(BenchModel.find(root(), List.of()));
  }

  /** The checkout: tests run in it or in a module's folder. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("examples"))) {
      folder = Objects.requireNonNull(folder.getParent(), "no checkout around the tests");
    }
    return folder;
  }
}
