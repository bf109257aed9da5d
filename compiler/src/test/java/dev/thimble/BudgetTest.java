package dev.thimble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.codegen.GoldenGraph;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanValidator;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Strategy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetTest {
  /** naive 416, greedy and in-place 320, overlap 270, stream 160 bytes. */
  private static final List<MemoryPlan> PLANS = plans(GoldenGraph.of("stream").graph());

  private static final String ALL =
      "; the strategies need naive 416, ping-pong 320, greedy 320, in-place 320,"
          .concat(" overlap 270, stream 160");

  @Test
  void withoutALimitThePreferenceDecides() {
    assertThat(choose(Preference.BALANCED, null, OptionalLong.empty())).isEqualTo(Strategy.OVERLAP);
    assertThat(choose(Preference.RAM, null, OptionalLong.empty())).isEqualTo(Strategy.STREAM);
  }

  @Test
  void anExactFitIsAFit() {
    assertThat(choose(Preference.BALANCED, null, OptionalLong.of(270))).isEqualTo(Strategy.OVERLAP);
    assertThat(choose(Preference.BALANCED, Strategy.NAIVE, OptionalLong.of(416)))
        .isEqualTo(Strategy.NAIVE);
  }

  @Test
  void whereThePreferredDoesNotFitTheSmallestIsTaken() {
    assertThat(choose(Preference.SPEED, null, OptionalLong.of(269))).isEqualTo(Strategy.STREAM);
    assertThat(choose(Preference.SPEED, null, OptionalLong.of(160))).isEqualTo(Strategy.STREAM);
  }

  @Test
  void whereNothingFitsTheMessageSaysWhatEachStrategyNeeds() {
    assertThatThrownBy(() -> choose(Preference.BALANCED, null, OptionalLong.of(159)))
        .isInstanceOf(BudgetException.class)
        .hasMessage("the arena needs 270 bytes with strategy overlap, --ram allows 159" + ALL);
  }

  @Test
  void aStrategyThatWasAskedForIsNotReplaced() {
    assertThatThrownBy(() -> choose(Preference.BALANCED, Strategy.NAIVE, OptionalLong.of(415)))
        .isInstanceOf(BudgetException.class)
        .hasMessage("the arena needs 416 bytes with strategy naive, --ram allows 415" + ALL);
  }

  @Test
  void anArenaBeyondWhatProgramsAddressIsRefused() {
    // Four floats of 800 MB: the sums overflow an int.
    String type = "f32[1,1,1,200000000]";
    List<MemoryPlan> plans =
        plans(
            GraphParser.parse(
                """
                input "a": TYPE
                input "b": TYPE
                input "c": TYPE
                node "ab": TYPE = Binary(function=ADD, activation=NONE) "a", "b"
                node "abc": TYPE = Binary(function=ADD, activation=NONE) "ab", "c"
                output "abc"
                """
                    .replace("TYPE", type)));
    assertThatThrownBy(() -> Budget.choose(plans, CompileOptions.DEFAULTS))
        .isInstanceOf(BudgetException.class)
        .hasMessageStartingWith("the arena needs 2400000000 bytes with strategy in-place, ")
        .hasMessageContaining("generated programs address at most 2147483647; the strategies need")
        .hasMessageContaining("naive 4000000000");
  }

  @Test
  void valuesOfTooManyElementsAreRefusedByName() {
    Graph graph =
        GraphParser.parse(
            """
            input "a": i8[1,1,1,536870912] scale 1.0 zero_point 0
            node "b": i8[1,1,1,536870912] scale 1.0 zero_point 0 = Unary(function=RELU) "a"
            output "b"
            """);
    assertThatThrownBy(() -> plans(graph))
        .isInstanceOf(KernelException.class)
        .hasMessage("node 'b' (relu): 'a' has 536870912 elements; kernels take at most 536870911");
  }

  private static List<MemoryPlan> plans(Graph graph) {
    List<MemoryPlan> plans = MemoryPlanner.plans(graph, new PortableKernels(), Rounding.DOUBLE);
    plans.forEach(PlanValidator::validate);
    return plans;
  }

  private static Strategy choose(Preference prefer, @Nullable Strategy memory, OptionalLong ram) {
    CompileOptions defaults = CompileOptions.DEFAULTS;
    CompileOptions options =
        new CompileOptions(
            Optional.empty(),
            defaults.target(),
            Rounding.DOUBLE,
            Optional.ofNullable(memory),
            prefer,
            false,
            ram,
            CompileOptions.Decision.NONE);
    return Budget.choose(PLANS, options).strategy();
  }
}
