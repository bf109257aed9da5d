package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.thimble.graph.Graph;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.rewrite.GraphOutputs;
import dev.thimble.testing.RandomGraphs;
import dev.thimble.testing.StatefulGraphs;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every plan of random networks, with the input whole and fed by rows, is valid. */
class RandomPlansTest {
  private static final int SEEDS = 600;
  private static final int MORE_SEEDS = 1_800;

  private int plans;

  @Test
  void plansOfRandomNetworksAreValid() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      validate(seed);
    }
    assertThat(plans).isGreaterThan(8 * SEEDS);
  }

  @Test
  void plansOfRandomNetworksWithStatesAreValid() {
    for (long seed = 1; seed <= SEEDS / 5; seed++) {
      Graph stateful = StatefulGraphs.of(RandomGraphs.tall(seed), seed);
      validate(seed, GraphOutputs.materialise(stateful));
    }
    assertThat(plans).isGreaterThan(SEEDS);
  }

  @Tag("long")
  @Test
  void plansOfManyRandomNetworksAreValid() {
    for (long seed = SEEDS + 1; seed <= SEEDS + MORE_SEEDS; seed++) {
      validate(seed);
    }
    assertThat(plans).isGreaterThan(8 * MORE_SEEDS);
  }

  private void validate(long seed) {
    validate(seed, RandomGraphs.tall(seed));
  }

  private void validate(long seed, Graph graph) {
    List<MemoryPlan> all;
    try {
      all = Plans.all(graph, new PortableKernels());
    } catch (KernelException e) {
      return; // Biases near the ends of their range are refused.
    }
    for (MemoryPlan plan : all) {
      assertThatCode(() -> PlanValidator.validate(plan))
          .as("seed %d, %s, fed %s", seed, plan.strategy(), plan.schedule().fed().isPresent())
          .doesNotThrowAnyException();
      plans++;
    }
  }
}
