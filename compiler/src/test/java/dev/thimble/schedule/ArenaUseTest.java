package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArenaUseTest {
  @Test
  void thePeakOfAFusedLeNetIsItsFirstStep() {
    List<MemoryPlan> plans =
        MemoryPlanner.plans(Networks.leNet(DType.INT8), new FormsOnly(0), Rounding.DOUBLE);
    ArenaUse use = ArenaUse.of(PlanChoice.choose(plans, Strategy.FUSED_POOL));

    assertThat(use.peakStep()).isZero();
    assertThat(use.input()).isEqualTo(1_024);
    assertThat(use.activations()).isEqualTo(1_176);
    assertThat(use.state() + use.output() + use.scratch() + use.holes()).isZero();
  }

  @Test
  void onlyWhatIsInUseAtThePeakCounts() {
    Network net = new Network(DType.INT8);
    Value x = net.relu(net.input(1, 4, 4, 2));
    x = net.convSame(x, 3, 8, 1);
    List<MemoryPlan> plans = MemoryPlanner.plans(net.graph(x), new FormsOnly(10), Rounding.DOUBLE);
    ArenaUse use = ArenaUse.of(PlanChoice.choose(plans, Strategy.IN_PLACE));

    assertThat(use)
        .isEqualTo(
            new ArenaUse(
                4,
                1,
                0,
                0,
                128,
                32,
                10,
                0,
                List.of(
                    new ArenaUse.Entry("input_0", 0, 32, 0, 1),
                    new ArenaUse.Entry("relu_0", 128, 32, 2, 4),
                    new ArenaUse.Entry("conv2d_1", 0, 128, 4, 5),
                    new ArenaUse.Entry("conv2d_1 scratch", 160, 10, 3, 4))));
  }

  @Test
  void theSumsAddUpToTheArena() {
    for (int seed = 0; seed < 300; seed++) {
      for (MemoryPlan plan :
          MemoryPlanner.plans(RandomNetwork.of(seed), new FormsOnly(12), Rounding.DOUBLE)) {
        ArenaUse use = ArenaUse.of(plan);
        assertThat(
                use.state()
                    + use.input()
                    + use.output()
                    + use.activations()
                    + use.scratch()
                    + use.holes())
            .as("seed " + seed)
            .isEqualTo(plan.arenaBytes());
        assertThat(plan.arenaBytes() - use.holes()).isLessThanOrEqualTo(plan.lowerBound());
      }
    }
  }
}
