package dev.thimble.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.codegen.CName;
import dev.thimble.codegen.CProgram;
import dev.thimble.codegen.CodeGenerator;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphChecker;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.kernel.KernelLimits;
import dev.thimble.kernel.PackedFilter;
import dev.thimble.kernel.choice.TargetKernels;
import dev.thimble.op.Rounding;
import dev.thimble.rewrite.GraphOutputs;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.MemoryPlanner;
import dev.thimble.schedule.PlanChoice;
import dev.thimble.schedule.PlanRequest;
import dev.thimble.schedule.PlanValidator;
import dev.thimble.schedule.Strategy;
import dev.thimble.target.Target;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.testing.BiasFractions;
import dev.thimble.testing.Int16Nodes;
import dev.thimble.testing.OneTapNodes;
import dev.thimble.testing.RandomGraphs;
import dev.thimble.testing.WideNodes;
import dev.thimble.toolchain.Profile;
import dev.thimble.toolchain.Profiler;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Simulated;
import dev.thimble.toolchain.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The kernels of every target on its simulated core, bit for bit: nodes of many shapes, called once
 * for a whole map where outputs overlap what dies, and row by row; and random networks of them.
 */
class KernelsOnTargetsTest {
  private static final int ROUNDS = 4;
  private static final int MORE_SEEDS = 5;

  /** So few bytes that kernels which need less are chosen. */
  private static final int LITTLE_SCRATCH = 300;

  /** The cores with kernels of int16. */
  private static final Set<Target> DSP =
      Set.of(Target.CORTEX_M4, Target.CORTEX_M7, Target.CORTEX_M33);

  /** The cores on which an address that is no multiple of what it holds is a fault. */
  private static final Set<Target> ALIGNED =
      Set.of(
          Target.CORTEX_M0PLUS,
          Target.RV32IMC,
          Target.RV32IMAC,
          Target.RV32GC,
          Target.RV64GC,
          Target.RV32GCV,
          Target.RV64GCV);

  @TestFactory
  Stream<DynamicTest> nodesOfManyShapes() {
    return targets().flatMap(target -> Stream.of(Rounding.values()).map(r -> nodes(target, r, 1)));
  }

  @Tag("long")
  @TestFactory
  Stream<DynamicTest> moreNodesOfManyShapes() {
    return targets()
        .flatMap(target ->
            Stream.iterate(2L, seed -> seed + 1)
                .limit(MORE_SEEDS)
                .map(seed ->
                    nodes(target, seed % 3 == 0 ? Rounding.SINGLE : Rounding.DOUBLE, seed)));
  }

  @TestFactory
  Stream<DynamicTest> depthwiseConvolutionsByThreeTimesThree() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> {
                  WideNodes.Network network = WideNodes.ofDepthwise3(target.ordinal() + 1, 24);
                  check(network.graph(), network.data(), Rounding.DOUBLE, target);
                }));
  }

  @TestFactory
  Stream<DynamicTest> convolutionsOfOneTap() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> {
                  WideNodes.Network network = OneTapNodes.of(seed(target));
                  check(network.graph(), network.data(), Rounding.DOUBLE, target);
                }));
  }

  @TestFactory
  Stream<DynamicTest> convolutionsOfGroups() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> {
                  WideNodes.Network network = WideNodes.ofGroups(target.ordinal() + 1, 12);
                  check(network.graph(), network.data(), Rounding.DOUBLE, target);
                }));
  }

  @TestFactory
  Stream<DynamicTest> filtersOfFewBits() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> {
                  WideNodes.Network network = WideNodes.ofFewBits(target.ordinal() + 1, 6);
                  assertThat(network.graph().constants().values())
                      .filteredOn(constant -> constant.type().dtype() == DType.INT8)
                      .extracting(PackedFilter::bits)
                      .as("filters of each width")
                      .contains(1, 2, 4);
                  Rounding rounding = Rounding.values()[target.ordinal() % 2];
                  check(network.graph(), network.data(), rounding, target);
                }));
  }

  @TestFactory
  Stream<DynamicTest> filtersWithFewOfTheLeastWeight() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> {
                  WideNodes.Network network = WideNodes.ofFewLeast(seed(target), 3);
                  check(network.graph(), network.data(), Rounding.DOUBLE, target);
                }));
  }

  @TestFactory
  Stream<DynamicTest> biasesWithFractions() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(), () -> checkFractions(WideNodes.of(seed(target), 1), target)));
  }

  @Tag("long")
  @TestFactory
  Stream<DynamicTest> moreBiasesWithFractions() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> {
                  checkFractions(WideNodes.of(seed(target), 2), target);
                  checkFractions(WideNodes.ofDepthwise3(seed(target), 8), target);
                  checkFractions(WideNodes.ofFewBits(seed(target), 2), target);
                }));
  }

  /** On other cores these kernels are portable C, which tests on the host hold to the reference. */
  @TestFactory
  Stream<DynamicTest> convolutionsOfInt16() {
    return targets()
        .filter(DSP::contains)
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> int16(target, seed(target), 1, Rounding.values()[target.ordinal() % 2])));
  }

  @Tag("long")
  @TestFactory
  Stream<DynamicTest> moreConvolutionsOfInt16() {
    return targets()
        .filter(DSP::contains)
        .flatMap(target ->
            Stream.iterate(100L, seed -> seed + 1)
                .limit(MORE_SEEDS)
                .map(seed ->
                    DynamicTest.dynamicTest(
                        target.text() + ", seed " + seed,
                        () -> int16(target, seed, 4, Rounding.values()[(int) (seed % 2)]))));
  }

  /** With the kernels of {@link #check(Graph, List, Rounding, Target)}, and with those between. */
  private static void int16(Target target, long seed, int rounds, Rounding rounding)
      throws IOException {
    WideNodes.Network network = Int16Nodes.of(seed, rounds);
    check(network.graph(), network.data(), rounding, target);
    Graph graph = GraphChecker.check(GraphOutputs.materialise(network.graph()));
    KernelLimits limits = KernelLimits.FAST.withScratchBytes(LITTLE_SCRATCH);
    List<MemoryPlan> plans =
        MemoryPlanner.plans(graph, new TargetKernels(target, limits), rounding);
    MemoryPlan plan = PlanChoice.choose(plans, Strategy.OVERLAP);
    check(plan, graph, network.data(), rounding, target);
  }

  private static long seed(Target target) {
    return target.ordinal() + 1;
  }

  private static void checkFractions(WideNodes.Network network, Target target) throws IOException {
    Graph graph = BiasFractions.in(network.graph(), seed(target));
    check(graph, network.data(), Rounding.SINGLE, target);
  }

  @TestFactory
  Stream<DynamicTest> convolutionsWithMaxPooling() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> {
                  Rounding rounding = Rounding.values()[target.ordinal() % 2];
                  WideNodes.Network network = WideNodes.ofPooled(target.ordinal() + 1, 8);
                  check(network.graph(), network.data(), rounding, target);
                  Graph graph = GraphChecker.check(GraphOutputs.materialise(network.graph()));
                  KernelLimits limits = KernelLimits.FAST.withScratchBytes(LITTLE_SCRATCH);
                  List<MemoryPlan> plans =
                      MemoryPlanner.plans(graph, new TargetKernels(target, limits), rounding);
                  MemoryPlan plan = PlanChoice.choose(plans, Strategy.OVERLAP);
                  check(plan, graph, network.data(), rounding, target);
                }));
  }

  @TestFactory
  Stream<DynamicTest> randomNetworks() {
    return targets()
        .map(target ->
            DynamicTest.dynamicTest(
                target.text(),
                () -> {
                  Graph graph = RandomGraphs.int8(target.ordinal() + 1);
                  check(graph, RandomGraphs.inputs(graph, 1), Rounding.DOUBLE, target);
                }));
  }

  private static Stream<Target> targets() {
    return Arrays.stream(Target.values())
        .filter(target -> target != Target.PORTABLE && Simulated.verifies(target));
  }

  private static DynamicTest nodes(Target target, Rounding rounding, long seed) {
    return DynamicTest.dynamicTest(
        target.text() + ", " + rounding + ", seed " + seed,
        () -> {
          WideNodes.Network network = WideNodes.of(seed * 100 + target.ordinal(), ROUNDS);
          check(network.graph(), network.data(), rounding, target);
        });
  }

  /** With the fastest kernels, and with those that need no working memory. */
  private static void check(Graph network, List<Tensor> data, Rounding rounding, Target target)
      throws IOException {
    Graph graph = GraphChecker.check(GraphOutputs.materialise(network));
    KernelLimits fast = KernelLimits.FAST.withWideFilters(true);
    KernelLibrary fastest = new TargetKernels(target, fast);
    KernelLibrary small = new TargetKernels(target, KernelLimits.FAST.withScratchBytes(0));
    List<MemoryPlan> plans = MemoryPlanner.plans(graph, fastest, rounding);
    check(PlanChoice.choose(plans, Strategy.OVERLAP), graph, data, rounding, target);
    check(
        MemoryPlanner.everythingStreamed(PlanRequest.of(graph, small, rounding)),
        graph,
        data,
        rounding,
        target);
  }

  private static void check(
      MemoryPlan plan, Graph graph, List<Tensor> data, Rounding rounding, Target target)
      throws IOException {
    CProgram code =
        CodeGenerator.generate(
            PlanValidator.validate(plan), CName.of(graph.name()), rounding, graph.name());
    Path folder = Files.createTempDirectory("thimble");
    ProgramFiles.write(folder, code.files());
    Subject subject = new Subject(folder, code, graph, graph, rounding);
    try (WrittenProgram program = new WrittenProgram(subject)) {
      program.assertEqual(List.of(data), false, target);
      if (ALIGNED.contains(target)) {
        Profile profile = new Profiler(subject, data, false).run(target);
        assertThat(profile.total().unaligned()).as("unaligned accesses").isZero();
      }
    }
  }
}
