package dev.thimble.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.GraphPrinter;
import dev.thimble.op.Rounding;
import dev.thimble.testing.RandomGraphs;
import dev.thimble.testing.StatefulGraphs;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All rules on random graphs. */
class RandomRewriteTest {
  private static final int SEEDS = Integer.getInteger("thimble.seeds", 300);

  @ParameterizedTest
  @EnumSource
  void integerGraphsKeepEverySurvivingValue(Rounding rounding) {
    RandomGraphs.forSeeds(SEEDS, seed -> check(RandomGraphs.int8(seed), rounding));
  }

  @ParameterizedTest
  @EnumSource
  void floatGraphsKeepEverySurvivingValue(Rounding rounding) {
    RandomGraphs.forSeeds(SEEDS, seed -> check(RandomGraphs.float32(seed), rounding));
  }

  @ParameterizedTest
  @EnumSource
  void graphsWithStatesKeepEverySurvivingValueFromRunToRun(Rounding rounding) {
    RandomGraphs.forSeeds(
        SEEDS,
        seed -> {
          check(StatefulGraphs.of(RandomGraphs.int8(seed), seed), rounding);
          check(StatefulGraphs.of(RandomGraphs.float32(seed), seed), rounding);
        });
  }

  @Test
  void graphsWithStatesPrintAndParseBack() {
    RandomGraphs.forSeeds(
        SEEDS,
        seed -> {
          Graph graph = StatefulGraphs.of(RandomGraphs.int8(seed), seed);
          assertThat(GraphParser.parse(GraphPrinter.print(graph))).isEqualTo(graph);
        });
  }

  private static void check(Graph graph, Rounding rounding) {
    RewriteResult result = Rewriter.run(graph, RewriteOptions.of(rounding));
    boolean exact =
        Rewriter.standard().stream()
            .allMatch(rule -> rule.exact() || result.count(rule.name()) == 0);
    Rewritten.assertSame(graph, result.graph(), rounding, 3, exact);
    Graph materialised = GraphOutputs.materialise(result.graph());
    Rewritten.assertSame(graph, materialised, rounding, 1, exact);
    assertThat(materialised.outputs())
        .allMatch(output -> materialised.producer(output).isPresent())
        .doesNotHaveDuplicates();
  }

  @Test
  void rewritingAgainChangesNothing() {
    RandomGraphs.forSeeds(
        SEEDS,
        seed -> {
          RewriteOptions options = RewriteOptions.of(Rounding.DOUBLE);
          Graph once = Rewriter.run(RandomGraphs.int8(seed), options).graph();
          RewriteResult again = Rewriter.run(once, options);
          assertThat(again.counts()).allMatch(count -> count.count() == 0);
          assertThat(again.graph()).isEqualTo(once);
        });
  }

  @Test
  void rewrittenGraphsPrintAndParseBack() {
    RandomGraphs.forSeeds(
        SEEDS,
        seed -> {
          Graph graph =
              Rewriter.run(RandomGraphs.int8(seed), RewriteOptions.of(Rounding.DOUBLE)).graph();
          assertThat(GraphParser.parse(GraphPrinter.print(graph))).isEqualTo(graph);
        });
  }

  @Test
  void everyRuleAppliesToSomeRandomGraph() {
    Map<String, Integer> counts = new TreeMap<>();
    RandomGraphs.forSeeds(
        SEEDS,
        seed -> {
          for (Graph graph : List.of(RandomGraphs.int8(seed), RandomGraphs.float32(seed))) {
            Rewriter.run(graph, RewriteOptions.of(Rounding.DOUBLE))
                .counts()
                .forEach(count -> counts.merge(count.rule(), count.count(), Integer::sum));
          }
        });
    // These need constants or compositions that no random graph has; files in rewrite/ try them.
    counts
        .keySet()
        .removeAll(
            List.of(
                "common-constants",
                "activation-spelling",
                "layer-norm-spelling",
                "move-to-same-place"));
    assertThat(counts).allSatisfy((rule, count) -> assertThat(count).as(rule).isPositive());
  }
}
