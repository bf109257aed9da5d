package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Buffers.Sharing;
import dev.thimble.schedule.Buffers.Slots;
import dev.thimble.schedule.offsets.Problem;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RandomNetworksTest {
  private static final int SEEDS = 600;

  @Test
  void everyStrategysPlanIsValid() {
    Map<Strategy, Integer> seen = new EnumMap<>(Strategy.class);
    for (int seed = 0; seed < SEEDS; seed++) {
      Graph graph = RandomNetwork.of(seed);
      FormsOnly kernels = new FormsOnly(seed % 3 * 40);
      List<MemoryPlan> plans = MemoryPlanner.plans(graph, kernels, Rounding.DOUBLE);
      for (MemoryPlan plan : plans) {
        valid(plan, seed);
        seen.merge(plan.strategy(), 1, Integer::sum);
      }
      valid(
          MemoryPlanner.everythingStreamed(PlanRequest.of(graph, kernels, Rounding.DOUBLE)), seed);
    }
    assertThat(seen).containsOnlyKeys(Strategy.values());
    assertThat(seen.values()).allSatisfy(count -> assertThat(count).isGreaterThan(SEEDS / 20));
  }

  private static void valid(MemoryPlan plan, int seed) {
    assertThatCode(() -> PlanValidator.validate(plan))
        .as("seed %d, %s", seed, plan.strategy())
        .doesNotThrowAnyException();
  }

  @Test
  void aMoreFrugalStrategyNeverNeedsMore() {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<MemoryPlan> plans =
          MemoryPlanner.plans(RandomNetwork.of(seed), new FormsOnly(0), Rounding.DOUBLE);
      Map<Strategy, Long> arenas = new EnumMap<>(Strategy.class);
      plans.forEach(plan -> arenas.put(plan.strategy(), plan.arenaBytes()));

      assertThat(arenas.get(Strategy.PING_PONG))
          .as("seed " + seed)
          .isLessThanOrEqualTo(arenas.get(Strategy.NAIVE));
      assertThat(arenas.get(Strategy.IN_PLACE))
          .as("seed " + seed)
          .isLessThanOrEqualTo(arenas.get(Strategy.GREEDY));
    }
  }

  @Test
  void aStreamingPlanNeedsNoMoreAtAnyTick() {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<MemoryPlan> plans =
          MemoryPlanner.plans(RandomNetwork.of(seed), new FormsOnly(0), Rounding.DOUBLE);
      if (plans.getLast().strategy() == Strategy.STREAM) {
        Schedule schedule = plans.getLast().schedule();
        Problem rows = Buffers.of(schedule, Sharing.OVERLAP, Slots.EACH_ROW).problem();
        assertThat(rows.lowerBound())
            .as("seed " + seed)
            .isLessThanOrEqualTo(plans.get(plans.size() - 2).arenaBytes());
      }
    }
  }

  @Test
  void planningIsDeterministicAndItsTextStillHoldsTheGraph() {
    for (int seed = 0; seed < SEEDS; seed += 10) {
      Graph graph = RandomNetwork.of(seed);
      List<MemoryPlan> plans = MemoryPlanner.plans(graph, new FormsOnly(8), Rounding.DOUBLE);

      assertThat(MemoryPlanner.plans(graph, new FormsOnly(8), Rounding.DOUBLE))
          .as("seed " + seed)
          .isEqualTo(plans);
      assertThat(GraphParser.parse(PlanPrinter.print(plans.getLast())))
          .as("seed " + seed)
          .isEqualTo(graph);
    }
  }
}
