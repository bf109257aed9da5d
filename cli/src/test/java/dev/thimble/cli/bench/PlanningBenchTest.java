package dev.thimble.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.op.Rounding;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanningBenchTest {
  @ParameterizedTest
  @EnumSource
  void aNetworkHasTheNodesAskedForAndRewritingTakesNoneAway(SyntheticNetworks.Kind kind) {
    for (int count : List.of(1, 2, 3, 4, 10, 57, 300)) {
      assertThat(SyntheticNetworks.of(kind, count).nodes()).hasSize(count);
      assertThat(
              Rewriter.run(SyntheticNetworks.of(kind, count), RewriteOptions.of(Rounding.DOUBLE))
                  .graph()
                  .nodes())
          .hasSize(count);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNetworkIsTheSameAtEachCall(SyntheticNetworks.Kind kind) {
    assertThat(SyntheticNetworks.of(kind, 40)).isEqualTo(SyntheticNetworks.of(kind, 40));
  }

  @Test
  void eachKindAndSizeHasARow() {
    List<PlanningBench.Row> rows = PlanningBench.run(List.of(20, 40), 20, progress -> {});
    assertThat(rows).extracting(PlanningBench.Row::nodes).containsExactly(20, 40, 20, 40, 20, 40);
    assertThat(rows).allSatisfy(row -> assertThat(row.planMs()).isPositive());
  }
}
