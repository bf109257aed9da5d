package dev.thimble.schedule.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thimble.target.Boards;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegionPlanTest {
  private static final List<RegionCost> RAM =
      List.of(new RegionCost("sram", 1000, 1), new RegionCost("dtcm", 200, 0.25));
  private static final List<WeightMemory> SERIAL =
      List.of(new WeightMemory("serial", 100_000, 8, false, true));

  private static Optional<RegionPlan> plan(
      List<Item> items, List<WeightTable> tables, List<WeightMemory> memories) {
    return RegionPlan.of(items, tables, RAM, memories, RegionPlacement::peakBytes);
  }

  @Test
  void buffersForWeightsTakeRoomOfTheArena() {
    List<WeightTable> tables = List.of(new WeightTable("conv", 0, 10, 50, 5000, 1));
    RegionPlan plan = plan(List.of(new Item("map", 900, -1, 1, 100)), tables, SERIAL).orElseThrow();
    // 1,200 bytes of RAM hold the map and 300 bytes of buffers, not all of the table.
    assertThat(plan.prefetch().ramBytes()).isBetween(100L, 300L);
    assertThat(plan.placement().items()).hasSize(3);
    assertThat(plan.placement().items().getFirst().name()).isEqualTo("map");
    assertThat(plan(List.of(new Item("map", 1000, -1, 1, 100)), tables, SERIAL)).isPresent();
    assertThat(
            plan(
                List.of(new Item("map", 1000, -1, 1, 0), new Item("other", 101, -1, 1, 0)),
                tables,
                SERIAL))
        .isEmpty();
  }

  @Test
  void withFlashThatTheCoreReadsFastNothingIsCopied() {
    RegionPlan plan =
        plan(
                List.of(new Item("map", 100, -1, 1, 400)),
                List.of(new WeightTable("conv", 0, 10, 50, 500, 1)),
                List.of(new WeightMemory("flash", 1000, 0.5, true, true)))
            .orElseThrow();
    assertThat(plan.prefetch().blocks()).isEmpty();
    assertThat(plan.cost()).isEqualTo(500 * 0.5 + 400 * 0.25);
  }

  @Test
  void theCostIsThatOfEveryAccessWhereItHappens() {
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<WeightTable> tables = new ArrayList<>();
      for (int t = random.nextInt(1, 4); t > 0; t--) {
        int channels = random.nextInt(1, 10);
        long bytes = random.nextLong(1, 20);
        tables.add(
            new WeightTable("conv " + t, tables.size(), channels, bytes, channels * bytes * 9, 1));
      }
      Optional<RegionPlan> found =
          plan(List.of(new Item("map", 700, -1, 9, random.nextLong(5000))), tables, SERIAL);
      assertThat(found).as("seed %d", seed).isPresent();
      double copied = 8.0 * tables.stream().mapToLong(WeightTable::bytes).sum();
      assertThat(found.get().cost() - found.get().placement().cost())
          .as("seed %d", seed)
          .isCloseTo(copied, within(1e-6));
    }
  }

  @Test
  void aRealBoardPutsBusyValuesIntoTightlyCoupledMemory() {
    RegionPlan plan =
        RegionPlan.of(
                List.of(
                    new Item("input", 100_000, -1, 0, 100_000),
                    new Item("busy", 120_000, 0, 1, 9_000_000)),
                List.of(new WeightTable("conv", 0, 16, 27, 1_000_000, 1)),
                RegionCosts.ram(Boards.ofName("stm32h743"), 1024),
                RegionCosts.weights(Boards.ofName("stm32h743"), 10_000),
                RegionPlacement::peakBytes)
            .orElseThrow();
    int region = plan.placement().assignment().get(1);
    assertThat(plan.placement().regions().get(region).name()).isEqualTo("dtcm");
  }
}
