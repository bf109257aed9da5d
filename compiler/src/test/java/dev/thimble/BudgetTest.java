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
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.target.Board;
import dev.thimble.target.BoardReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final Board TOY = toy(2000, 1000);

  /** naive 416, greedy and in-place 320, overlap 270, stream 160 bytes. */
  private static final List<MemoryPlan> PLANS = plans(GoldenGraph.of("stream").graph());

  private static final String ALL =
      "  the strategies need naive 416, ping-pong 320, greedy 320, in-place 320,"
          .concat(" overlap 270, stream 160\n");

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
  void whereNothingFitsTheMessageSaysWhatIsMissingAndWhatHoldsIt() {
    assertThatThrownBy(() -> choose(Preference.BALANCED, null, OptionalLong.of(159)))
        .isInstanceOf(BudgetException.class)
        .hasMessageStartingWith(
            "the arena needs 160 bytes with strategy stream, --ram allows 159: 1 are missing\n"
                + "  most is in use in step 0 ('")
        .hasMessageContaining(ALL)
        .hasMessageEndingWith(
            "  none fits; try --feed rows, which keeps the input out of the arena; allow more RAM,"
                + " or a network with smaller values at that step");
  }

  @Test
  void aStrategyThatWasAskedForIsNotReplacedButOneThatFitsIsNamed() {
    assertThatThrownBy(() -> choose(Preference.BALANCED, Strategy.NAIVE, OptionalLong.of(415)))
        .isInstanceOf(BudgetException.class)
        .hasMessageStartingWith(
            "the arena needs 416 bytes with strategy naive, --ram allows 415: 1 are missing\n")
        .hasMessageContaining(ALL)
        .hasMessageEndingWith(
            "  --memory ping-pong fits; without --memory, Thimble looks for one that does");
  }

  @Test
  void aBoardAllowsItsRamInOnePieceLessWhatTheStackNeeds() {
    long ram = Limits.RESERVED_RAM_BYTES + 270;
    assertThat(choose(Preference.BALANCED, null, board(ram, 1000))).isEqualTo(Strategy.OVERLAP);
    assertThat(choose(Preference.BALANCED, null, board(ram - 1, 1000))).isEqualTo(Strategy.STREAM);
    assertThatThrownBy(() -> choose(Preference.BALANCED, null, board(ram - 111, 1000)))
        .isInstanceOf(BudgetException.class)
        .hasMessageStartingWith(
            "the arena needs 160 bytes with strategy stream, board 'toy' allows 159 (1183 of RAM in"
                + " one piece, 1024 kept for the stack): 1 are missing\n")
        .hasMessageEndingWith(
            "  none fits; try --feed rows, which keeps the input out of the arena; take a board"
                + " with more RAM, or a network with smaller values at that step");
  }

  @Test
  void anExplicitLimitMayBeWithinTheBoardsButNotBeyond() {
    Limits all = new Limits(OptionalLong.of(2000), OptionalLong.of(1000), Optional.of(TOY));
    assertThat(all.arena().orElseThrow().bytes()).isEqualTo(2000);
    assertThat(all.program().orElseThrow().bytes()).isEqualTo(1000);
    assertThatThrownBy(
            () -> new Limits(OptionalLong.of(2001), OptionalLong.empty(), Optional.of(TOY)))
        .hasMessage(
            "--ram 2001 is more than board 'toy' has: 2000 bytes of RAM at consecutive addresses;"
                + " lower it, or describe a board with more in a file for --board");
    assertThatThrownBy(
            () -> new Limits(OptionalLong.empty(), OptionalLong.of(1001), Optional.of(TOY)))
        .hasMessageStartingWith("--flash 1001 is more than board 'toy' has: 1000 bytes of flash");
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
        .hasMessageContaining(
            "generated programs address at most 2147483647: 252516353 are missing")
        .hasMessageContaining("  the strategies need")
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

  private static Limits board(long ram, long flash) {
    return Limits.of(toy(ram, flash));
  }

  private static Board toy(long ram, long flash) {
    return BoardReader.read(
        """
        {"name": "toy", "part": "T1", "target": "cortex-m4", "clock_mhz": 1, "clock_source": "none",
         "regions": [
          {"name": "ram", "kind": "ram", "bytes": RAM, "address": "0x20000000",
           "executable": true, "dma": true, "source": "none"},
          {"name": "flash", "kind": "flash", "bytes": FLASH, "address": "0x08000000",
           "executable": true, "dma": true, "source": "none"}]}
        """
            .replace("RAM", Long.toString(ram))
            .replace("FLASH", Long.toString(flash)),
        "toy");
  }

  private static Strategy choose(Preference prefer, @Nullable Strategy memory, OptionalLong ram) {
    return choose(prefer, memory, new Limits(ram, OptionalLong.empty(), Optional.empty()));
  }

  private static Strategy choose(Preference prefer, @Nullable Strategy memory, Limits limits) {
    CompileOptions defaults = CompileOptions.DEFAULTS;
    CompileOptions options =
        new CompileOptions(
            Optional.empty(),
            defaults.target(),
            Rounding.DOUBLE,
            Optional.ofNullable(memory),
            prefer,
            false,
            Effort.FAST,
            limits,
            CompileOptions.Decision.NONE);
    return Budget.choose(PLANS, options).strategy();
  }
}
