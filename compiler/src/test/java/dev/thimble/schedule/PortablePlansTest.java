package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The plans that the portable kernels' forms and scratch lead to. */
class PortablePlansTest {
  @Test
  void everyPlanIsValid() {
    for (int seed = 0; seed < 300; seed++) {
      Graph graph = RandomNetwork.of(seed);
      assertThat(plans(graph)).as("seed " + seed).isNotEmpty();
      PlanValidator.validate(
          MemoryPlanner.everythingStreamed(
              PlanRequest.of(graph, new PortableKernels(), Rounding.DOUBLE)));
    }
  }

  @Test
  void knownNetworksNeedNoMoreThanTheirFormsAllow() {
    assertThat(arena(Networks.leNet(DType.INT8), Strategy.FUSED_POOL)).isEqualTo(2_200);
    assertThat(arena(Networks.leNet(DType.FLOAT32), Strategy.FUSED_POOL)).isEqualTo(8_800);
    assertThat(arena(Networks.cifar(DType.INT8), Strategy.FUSED_POOL)).isEqualTo(11_264);
    assertThat(arena(Networks.mobileNet(DType.INT8), Strategy.IN_PLACE)).isEqualTo(55_296);
    assertThat(arena(Networks.resNet8(DType.INT8), Strategy.IN_PLACE)).isEqualTo(49_152);
    assertThat(arena(Networks.autoencoder(DType.INT8), Strategy.STREAM)).isEqualTo(768);
  }

  private static long arena(Graph graph, Strategy strategy) {
    return PlanChoice.choose(plans(graph), strategy).arenaBytes();
  }

  private static List<MemoryPlan> plans(Graph graph) {
    List<MemoryPlan> plans = MemoryPlanner.plans(graph, new PortableKernels(), Rounding.DOUBLE);
    plans.forEach(PlanValidator::validate);
    return plans;
  }
}
