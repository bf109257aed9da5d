package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Corruptions of valid plans are found; where they may do no harm, {@link Replay} decides. */
class PlanValidatorTest {
  @Test
  void whatIsOverwrittenIsNamed() {
    MemoryPlan plan = leNet(Strategy.GREEDY, 0);
    Value input = plan.schedule().graph().inputs().getFirst();
    MemoryPlan corrupt = moved(plan, input, 3_000);

    assertThatThrownBy(() -> PlanValidator.validate(withArena(corrupt, 6_000)))
        .isInstanceOf(ScheduleException.class)
        .hasMessage("row 21 of 'input_0' is overwritten when node 'conv2d_0' (conv2d) reads it");
  }

  /** A place may be moved to where it does no harm. */
  @Test
  void aMovedPlaceIsRefusedExactlyWhereOutputsComeOutWrong() {
    int harmful = 0;
    for (int seed = 0; seed < 400; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      for (MemoryPlan plan : Plans.all(RandomNetwork.of(seed), seed % 2 * 20)) {
        MemoryPlan moved = Plans.somethingMoved(plan, random);
        boolean right = Replay.isRight(moved);
        harmful += right ? 0 : 1;
        assertThat(isRefused(moved)).as("seed %d, %s", seed, plan.strategy()).isEqualTo(!right);
      }
    }
    assertThat(harmful).isGreaterThan(300);
  }

  @Test
  void anArenaThatIsTooSmallByOneByteIsFound() {
    for (int seed = 0; seed < 200; seed++) {
      for (MemoryPlan plan : Plans.all(RandomNetwork.of(seed), seed % 2 * 20)) {
        assertThat(isRefused(withArena(plan, plan.arenaBytes() - 1)))
            .as("seed %d, %s", seed, plan.strategy())
            .isTrue();
      }
    }
  }

  @Test
  void aPlaceOutsideOfTheArenaIsFound() {
    for (int seed = 0; seed < 200; seed++) {
      for (MemoryPlan plan : Plans.all(RandomNetwork.of(seed), 20)) {
        for (Value value : plan.places().keySet()) {
          int alignment = value.type().dtype().bytes();
          long behind = (plan.arenaBytes() / alignment + 1) * alignment;
          assertThat(isRefused(moved(plan, value, behind))).isTrue();
          assertThat(isRefused(moved(plan, value, -alignment))).isTrue();
        }
        for (Node node : plan.scratch().keySet()) {
          assertThat(isRefused(withScratch(plan, node, -4))).isTrue();
          assertThat(isRefused(withScratch(plan, node, plan.arenaBytes() / 4 * 4 - 16))).isTrue();
        }
      }
    }
  }

  @Test
  void aMisalignedPlaceIsFound() {
    for (MemoryPlan plan : Plans.all(Networks.leNet(DType.FLOAT32), 8)) {
      MemoryPlan larger = withArena(plan, plan.arenaBytes() * 3);
      long far = plan.arenaBytes() / 4 * 4 + 6;
      for (Value value : plan.places().keySet()) {
        assertThatThrownBy(() -> PlanValidator.validate(moved(larger, value, far)))
            .hasMessage("'" + value.name() + "' is not aligned at " + far);
      }
      for (Node node : plan.scratch().keySet()) {
        assertThatThrownBy(() -> PlanValidator.validate(withScratch(larger, node, far)))
            .hasMessage("scratch of " + node.place() + " is not aligned");
      }
    }
  }

  @Test
  void aMissingPlaceIsFound() {
    for (int seed = 0; seed < 200; seed++) {
      for (MemoryPlan plan : Plans.all(RandomNetwork.of(seed), 20)) {
        for (Value value : plan.places().keySet()) {
          Map<Value, MemoryPlan.Place> fewer = new HashMap<>(plan.places());
          fewer.remove(value);
          assertThat(isRefused(Plans.withPlaces(plan, fewer))).isTrue();
        }
      }
    }
  }

  @Test
  void missingScratchIsFound() {
    MemoryPlan plan = leNet(Strategy.GREEDY, 64);
    MemoryPlan corrupt = Plans.withScratch(plan, Map.of());

    assertThatThrownBy(() -> PlanValidator.validate(corrupt))
        .hasMessage("scratch of node 'conv2d_0' (conv2d) has no memory");
  }

  @Test
  void stepsThatAreSwappedLostOrDoubledAreFound() {
    for (int seed = 0; seed < 200; seed++) {
      for (MemoryPlan plan : Plans.all(RandomNetwork.of(seed), 0)) {
        List<Step> steps = plan.schedule().steps();
        for (int i = 0; i < steps.size(); i++) {
          if (steps.get(i).nodes().isEmpty()) {
            continue;
          }
          List<Step> fewer = new ArrayList<>(steps);
          Step step = fewer.remove(i);
          assertThat(isRefused(Plans.withSteps(plan, fewer))).isTrue();
          List<Step> more = new ArrayList<>(steps);
          more.add(step);
          assertThat(isRefused(Plans.withSteps(plan, more))).isTrue();
          if (i > 0 && reads(step, steps.get(i - 1))) {
            List<Step> swapped = new ArrayList<>(steps);
            swapped.set(i, steps.get(i - 1));
            swapped.set(i - 1, step);
            assertThat(isRefused(Plans.withSteps(plan, swapped))).isTrue();
          }
        }
      }
    }
  }

  private static boolean isRefused(MemoryPlan plan) {
    return Plans.isRefused(plan);
  }

  private static boolean reads(Step step, Step before) {
    return step.nodes().stream()
        .anyMatch(node -> node.inputs().stream().anyMatch(before.outputs()::contains));
  }

  /** The plan with the value, or all of its rows, elsewhere. */
  private static MemoryPlan moved(MemoryPlan plan, Value value, long offset) {
    Map<Value, MemoryPlan.Place> places = new HashMap<>(plan.places());
    places.compute(
        value,
        (v, place) ->
            place instanceof MemoryPlan.Place.Rows rows
                ? new MemoryPlan.Place.Rows(rows.slots().stream().map(slot -> offset).toList())
                : new MemoryPlan.Place.Whole(offset));
    return Plans.withPlaces(plan, places);
  }

  private static MemoryPlan withScratch(MemoryPlan plan, Node node, long offset) {
    Map<Node, Long> scratch = new HashMap<>(plan.scratch());
    scratch.put(node, offset);
    return Plans.withScratch(plan, scratch);
  }

  private static MemoryPlan withArena(MemoryPlan plan, long bytes) {
    return new MemoryPlan(
        plan.strategy(),
        plan.schedule(),
        plan.buffers(),
        plan.places(),
        plan.scratch(),
        plan.progress(),
        bytes,
        plan.lowerBound(),
        plan.solver());
  }

  private static MemoryPlan leNet(Strategy strategy, int scratch) {
    Graph graph = Networks.leNet(DType.INT8);
    return PlanChoice.choose(
        MemoryPlanner.plans(graph, new FormsOnly(scratch), Rounding.DOUBLE), strategy);
  }
}
