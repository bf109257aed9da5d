package dev.thimble.conformance;

import dev.thimble.codegen.CName;
import dev.thimble.codegen.CProgram;
import dev.thimble.codegen.CodeGenerator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.op.Rounding;
import dev.thimble.rewrite.GraphOutputs;
import dev.thimble.rewrite.RewriteOptions;
import dev.thimble.rewrite.Rewriter;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanRequest;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.RandomGraphs;
import dev.thimble.testing.StatefulGraphs;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Random networks as C under sanitizers, in the plan of every strategy and with everything
 * streamed. A failure names kind, seed and strategy.
 */
class RandomProgramsTest {
  private static final int SEEDS = 5;
  private static final int MORE_SEEDS = 24;

  @TestFactory
  Stream<DynamicTest> randomNetworksEqualTheirCode() {
    return networks(1, SEEDS);
  }

  @Tag("long")
  @TestFactory
  Stream<DynamicTest> moreRandomNetworksEqualTheirCode() {
    return networks(SEEDS + 1, SEEDS + MORE_SEEDS);
  }

  private static Stream<DynamicTest> networks(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .boxed()
        .flatMap(seed ->
            Stream.of(
                RandomGraphs.int8(seed),
                RandomGraphs.float32(seed),
                StatefulGraphs.of(RandomGraphs.int8(seed), seed),
                StatefulGraphs.of(RandomGraphs.tall(seed), seed)))
        .map(graph -> DynamicTest.dynamicTest(graph.name(), () -> check(graph)));
  }

  private static void check(Graph reference) throws IOException {
    Rounding rounding = reference.name().hashCode() % 2 == 0 ? Rounding.DOUBLE : Rounding.SINGLE;
    Graph graph =
        GraphChecker.check(
            GraphOutputs.materialise(Rewriter.run(reference, RewriteOptions.of(rounding)).graph()));
    PortableKernels kernels = new PortableKernels();
    List<MemoryPlan> plans = new ArrayList<>(MemoryPlanner.plans(graph, kernels, rounding));
    plans.add(MemoryPlanner.everythingStreamed(PlanRequest.of(graph, kernels, rounding)));
    List<List<Tensor>> samples = RandomGraphs.samples(reference, 3);
    // Strategies that have nothing to add give programs that were proved already.
    Set<Map<String, String>> proved = new HashSet<>();
    for (int i = 0; i < plans.size(); i++) {
      CProgram code =
          CodeGenerator.generate(
              plans.get(i), CName.of(reference.name()), rounding, reference.name());
      if (!proved.add(code.files())) {
        continue;
      }
      Path folder = Files.createTempDirectory("thimble");
      ProgramFiles.write(folder, code.files());
      try (WrittenProgram program =
          new WrittenProgram(new Subject(folder, code, graph, reference, rounding))) {
        program.assertEqual(samples, true, Target.PORTABLE);
      } catch (AssertionError | RuntimeException e) {
        String which =
            i == plans.size() - 1 ? "everything streamed" : plans.get(i).strategy().text();
        throw new AssertionError(which + ", " + rounding + ": " + e.getMessage(), e);
      }
    }
  }
}
