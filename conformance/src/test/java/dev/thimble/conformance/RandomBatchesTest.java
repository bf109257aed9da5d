package dev.thimble.conformance;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.rewrite.GraphOutputs;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanRequest;
import dev.thimble.schedule.PlanValidator;
import dev.thimble.schedule.Strategy;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.RandomGraphs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random networks in the plans that share memory least and most: whole in separate buffers, with
 * overlap, streamed as far as it goes, and both again with the input fed by rows.
 */
class RandomBatchesTest {
  private static final int GRAPHS = 25;
  private static final int BATCHES = 3;
  private static final int MORE_BATCHES = 16;

  @TestFactory
  Stream<DynamicTest> randomNetworksEqualTheirCode(@TempDir Path folder) {
    return batches(0, BATCHES, folder);
  }

  @Tag("long")
  @TestFactory
  Stream<DynamicTest> moreRandomNetworksEqualTheirCode(@TempDir Path folder) {
    return batches(BATCHES, MORE_BATCHES, folder);
  }

  private static Stream<DynamicTest> batches(int first, int count, Path folder) {
    return IntStream.range(first, first + count)
        .mapToObj(batch ->
            DynamicTest.dynamicTest(
                "seeds from " + (batch * GRAPHS + 1),
                () -> check(batch * GRAPHS + 1, folder.resolve("batch" + batch))));
  }

  private static void check(long seed, Path folder) throws IOException, InterruptedException {
    folder.toFile().mkdirs();
    ProgramBatch batch = new ProgramBatch(folder);
    for (long each = seed; each < seed + GRAPHS; each++) {
      add(batch, RandomGraphs.tall(each), each);
    }
    batch.check();
  }

  private static void add(ProgramBatch batch, Graph network, long seed) throws IOException {
    Graph graph = GraphChecker.check(GraphOutputs.materialise(network));
    Rounding rounding = seed % 3 == 0 ? Rounding.SINGLE : Rounding.DOUBLE;
    List<Tensor> inputs = RandomGraphs.inputs(graph, seed);
    boolean feedable = graph.inputs().getFirst().type().shape().dim(0) == 1;
    for (boolean fed : feedable ? List.of(false, true) : List.of(false)) {
      PlanRequest request =
          new PlanRequest(
              graph, new PortableKernels(), rounding, fed, OptionalLong.empty(), Effort.FAST);
      List<MemoryPlan> plans;
      try {
        plans = MemoryPlanner.plans(request);
      } catch (KernelException e) {
        return; // Biases near the ends of their range are refused.
      }
      String how = network.name() + (fed ? " fed" : "");
      for (MemoryPlan plan : plans) {
        Strategy strategy = plan.strategy();
        if (strategy == Strategy.OVERLAP || (strategy == Strategy.GREEDY && !fed)) {
          batch.add(PlanValidator.validate(plan), rounding, inputs, how + " " + strategy.text());
        }
      }
      MemoryPlan streamed = PlanValidator.validate(MemoryPlanner.everythingStreamed(request));
      batch.add(streamed, rounding, inputs, how + " everything streamed");
    }
  }
}
