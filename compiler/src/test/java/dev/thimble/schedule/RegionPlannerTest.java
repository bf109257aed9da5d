package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.region.RamMemory;
import dev.thimble.schedule.region.RegionCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RegionPlannerTest {
  private static final String CHAIN =
      """
      input "x": i8[1,8,8,1] scale 0.05 zero_point 3
      const "w": i8[4,3,3,1] scale 0.1 zero_point 0 = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, \
      7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]
      const "b": i32[4] = [100, -50, 3, 4]
      node "c": i8[1,6,6,4] scale 0.05 zero_point 3 = Conv2d(stride=(height=1, width=1), \
      dilation=(height=1, width=1), padding=(top=0, bottom=0, left=0, right=0), groups=1, \
      activation=NONE) "x", "w", "b"
      node "p": i8[1,3,3,4] scale 0.05 zero_point 3 = Pool2d(pooling=MAX, \
      kernel=(height=2, width=2), stride=(height=2, width=2), \
      padding=(top=0, bottom=0, left=0, right=0), activation=NONE) "c"
      output "p"
      """;

  /** Of 64 bytes of input, 144 of a map and 36 of output, neighbours are in use together. */
  private final MemoryPlan greedy = plan(Strategy.GREEDY);

  @Test
  void whatIsUsedMostLiesInTheFastestMemoryThatHoldsIt() {
    MemoryPlan spread = spread(150, 100);
    assertThat(spread.regions())
        .extracting(region -> region.memory().name())
        .containsExactly("m0", "m1");
    assertThat(spread.regions()).extracting(RegionArena::bytes).containsExactly(144L, 64L);
    assertThat(spread.regions().get(1).start()).isEqualTo(144);
    assertThat(spread.arenaBytes()).isEqualTo(208);
    PlanValidator.validate(spread);
  }

  @Test
  void oneMemoryIsEnoughWhereTheFastestHoldsAll() {
    assertThat(spread(300, 100).regions()).hasSize(1);
  }

  @Test
  void nothingIsPlannedWhereABufferFitsNowhere() {
    assertThat(RegionPlanner.spread(greedy, memories(143, 143), WeightCopies.NONE)).isEmpty();
  }

  @Test
  void theValidatorFindsABufferAcrossTheEndOfAMemory() {
    MemoryPlan spread = spread(150, 100);
    List<RegionArena> regions = new ArrayList<>();
    regions.add(new RegionArena(spread.regions().get(0).memory(), 0, 128, 0));
    regions.add(new RegionArena(spread.regions().get(1).memory(), 128, 80, 0));
    assertThatThrownBy(() -> PlanValidator.validate(with(spread, regions, spread.copies())))
        .isInstanceOf(ScheduleException.class)
        .hasMessageContaining("lies across the end of a memory at 128");
  }

  @Test
  void theValidatorFindsCopiesThatAreOverwritten() {
    MemoryPlan plan = RegionPlanner.copying(greedy, WeightCopies.AHEAD);
    PlanValidator.validate(plan);
    assertThat(plan.copies()).hasSize(1);
    WeightCopy copy = plan.copies().getFirst();
    long output = plan.offset(plan.schedule().graph().nodes().getFirst().output()) / 4 * 4;
    WeightCopy wrong = new WeightCopy(copy.step(), copy.from(), output, copy.bytes());
    assertThatThrownBy(() -> PlanValidator.validate(with(plan, plan.regions(), List.of(wrong))))
        .isInstanceOf(ScheduleException.class)
        .hasMessage("weights of step 0 are overwritten, or were never copied");
  }

  private MemoryPlan spread(long first, long second) {
    return RegionPlanner.spread(greedy, memories(first, second), WeightCopies.NONE).orElseThrow();
  }

  private static List<RamMemory> memories(long... sizes) {
    List<RamMemory> memories = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      String name = "m" + i;
      RegionCost cost = new RegionCost(name, sizes[i], 1 + i);
      memories.add(
          new RamMemory(name, OptionalLong.empty(), Optional.empty(), sizes[i], false, cost));
    }
    return memories;
  }

  private static MemoryPlan plan(Strategy strategy) {
    Graph graph = GraphParser.parse(CHAIN);
    return PlanChoice.choose(
        MemoryPlanner.plans(graph, new PortableKernels(), Rounding.DOUBLE), strategy);
  }

  private static MemoryPlan with(
      MemoryPlan plan, List<RegionArena> regions, List<WeightCopy> copies) {
    return new MemoryPlan(
        plan.strategy(),
        plan.schedule(),
        plan.buffers(),
        plan.places(),
        plan.scratch(),
        plan.progress(),
        plan.arenaBytes(),
        plan.lowerBound(),
        plan.solver(),
        regions,
        copies);
  }
}
