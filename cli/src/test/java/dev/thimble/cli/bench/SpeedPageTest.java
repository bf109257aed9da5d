package dev.thimble.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.cli.bench.SpeedBench.Cost;
import dev.thimble.cli.bench.SpeedBench.Row;
import dev.thimble.cli.bench.SpeedBench.Variant;
import dev.thimble.target.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedPageTest {
  private static Row row(String model, boolean equal, Cost pointwise) {
    return new Row(
        model,
        model.startsWith("MLPerf"),
        Target.CORTEX_M4,
        Variant.SPEED,
        4_000_000,
        5_500_000L,
        1024,
        2048,
        1500,
        4096,
        300,
        0,
        0,
        6_050_000L,
        2048,
        equal,
        Map.of(NodeClass.POINTWISE_MANY, pointwise));
  }

  private static String page(List<Row> rows, List<String> failures) {
    StringBuilder page = new StringBuilder();
    SpeedPage.append(page, new SpeedBench.Result(rows, failures));
    return page.toString();
  }

  @Test
  void aClassHasTheQuotientOfTheSumsAndTheLeastAndMostOfANetwork() {
    String page =
        page(
            List.of(
                row("MLPerf Tiny VWW", true, new Cost(100, 0, 100)),
                row("other", true, new Cost(900, 0, 300))),
            List.of());

    assertThat(page).contains("2.50 (1.00 to 3.00)").contains("4.000").contains("5.500");
  }

  @Test
  void estimatesStandBesideWhatWasCounted() {
    String page = page(List.of(row("MLPerf Tiny VWW", true, new Cost(100, 0, 100))), List.of());

    assertThat(page).contains("+10 %", "-50 %");
  }

  @Test
  void programsThatFailAreNamedAndFailTheReport() {
    assertThat(page(List.of(), List.of("net on cortex-m4")))
        .contains("**Failed:** net on cortex-m4");
    assertThat(new SpeedBench.Result(List.of(), List.of("net on cortex-m4")).failed()).isTrue();
    assertThat(
            new SpeedBench.Result(List.of(row("x", false, new Cost(1, 0, 1))), List.of()).failed())
        .isTrue();
    assertThat(
            new SpeedBench.Result(List.of(row("x", true, new Cost(1, 0, 1))), List.of()).failed())
        .isFalse();
  }
}
