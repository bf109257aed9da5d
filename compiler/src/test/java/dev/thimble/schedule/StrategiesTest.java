package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.KernelLibrary;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.offsets.Block;
import dev.thimble.schedule.offsets.Part;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StrategiesTest {
  private static final KernelLibrary KERNELS = new FormsOnly(0);

  @Test
  void leNetNeedsInputAndFirstPooledMapWhenPoolingIsFused() {
    assertThat(arenas(Networks.leNet(DType.INT8)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Strategy.NAIVE, 9_518L,
                Strategy.PING_PONG, 5_880L,
                Strategy.GREEDY, 5_880L,
                Strategy.IN_PLACE, 5_880L,
                Strategy.FUSED_POOL, 2_200L,
                Strategy.OVERLAP, 1_448L,
                Strategy.STREAM, 1_232L));
    assertThat(arenas(Networks.leNet(DType.FLOAT32)))
        .containsEntry(Strategy.FUSED_POOL, 8_800L)
        .containsEntry(Strategy.OVERLAP, 4 * 1_448L)
        .containsEntry(Strategy.STREAM, 4 * 1_232L);
  }

  @Test
  void theCifarNetworkNeedsInputAndFirstPooledMapWhenPoolingIsFused() {
    assertThat(arenas(Networks.cifar(DType.INT8)))
        .containsEntry(Strategy.GREEDY, 40_960L)
        .containsEntry(Strategy.FUSED_POOL, 11_264L)
        .containsEntry(Strategy.OVERLAP, 8_832L)
        .containsEntry(Strategy.STREAM, 5_632L);
  }

  /** By size, the network's input pushes its second map up; other orders reach the bound. */
  @Test
  void mobileNetReachesItsLowerBoundInPlace() {
    assertThat(arenas(Networks.mobileNet(DType.INT8)))
        .containsEntry(Strategy.PING_PONG, 64_512L)
        .containsEntry(Strategy.GREEDY, 64_512L)
        .containsEntry(Strategy.IN_PLACE, 55_296L)
        .containsEntry(Strategy.OVERLAP, 37_632L)
        .containsEntry(Strategy.STREAM, 28_032L)
        .doesNotContainKey(Strategy.FUSED_POOL);
  }

  @Test
  void resNetKeepsThreeMapsOfItsFirstBlockUnlessItStreams() {
    assertThat(arenas(Networks.resNet8(DType.INT8)))
        .containsEntry(Strategy.GREEDY, 49_152L)
        .containsEntry(Strategy.IN_PLACE, 49_152L)
        .containsEntry(Strategy.OVERLAP, 33_792L)
        .containsEntry(Strategy.STREAM, 11_264L);
  }

  @Test
  void theKeywordNetworkStreamsUpToItsAverage() {
    assertThat(arenas(Networks.dsCnn(DType.INT8)))
        .containsEntry(Strategy.GREEDY, 16_000L)
        .containsEntry(Strategy.OVERLAP, 11_840L)
        .containsEntry(Strategy.STREAM, 8_960L);
  }

  @Test
  void theAutoencoderNeedsItsWidestPairInEveryFrugalStrategy() {
    assertThat(arenas(Networks.autoencoder(DType.INT8)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Strategy.NAIVE, 2_312L,
                Strategy.PING_PONG, 768L,
                Strategy.GREEDY, 768L,
                Strategy.IN_PLACE, 768L,
                Strategy.OVERLAP, 768L));
  }

  @Test
  void aChainPingPongsBetweenTwoSlots() {
    Network net = new Network(DType.FLOAT32);
    Value input = net.input(1, 8);
    Value a = net.dense(input, 20);
    Value b = net.dense(a, 6);
    Value c = net.dense(b, 2);
    MemoryPlan plan = plan(net.graph(c), Strategy.PING_PONG);

    assertThat(plan.buffers().stream().map(MemoryPlan.Placed::offset))
        .containsExactly(0L, 32L, 0L, 32L);
    assertThat(plan.arenaBytes()).isEqualTo(32 + 80);
    Buffer second = buffer(plan, b);
    assertThat(second.kind()).isEqualTo(Buffer.Kind.ACTIVATION);
    assertThat(second.block()).isEqualTo(new Block(b.name(), 4, List.of(new Part(0, 24, 4, 6))));
    assertThat(List.of(second.first(), second.last())).containsExactly(1, 2);
    assertThat(buffer(plan, input).first()).isEqualTo(-1);
    assertThat(buffer(plan, c).last()).isEqualTo(3);
  }

  @Test
  void theOutputOfARectifierOverwritesItsInput() {
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 4, 4, 2);
    Value relu = net.relu(input);
    Value flat = net.flatten(relu);
    MemoryPlan plan = plan(net.graph(flat), Strategy.IN_PLACE);

    assertThat(List.of(plan.offset(input), plan.offset(relu), plan.offset(flat))).containsOnly(0L);
    assertThat(plan.arenaBytes()).isEqualTo(32);
  }

  @Test
  void aValueThatIsReadLaterOrIsAnOutputIsNotOverwritten() {
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 4, 4, 2);
    Value first = net.relu(input);
    Value second = net.relu(first);
    Value sum = net.add(input, second);
    Value twice = net.add(sum, sum);
    MemoryPlan plan = plan(net.graph(first, twice), Strategy.IN_PLACE);

    // The first rectifier's input is read by the sum; its output is the graph's; an operand that
    // is read twice stays apart.
    assertThat(plan.offset(sum)).isEqualTo(plan.offset(input));
    assertThat(Stream.of(input, first, second).map(plan::offset))
        .containsExactlyInAnyOrder(0L, 32L, 64L);
    assertThat(plan.offset(twice)).isNotEqualTo(plan.offset(sum));
  }

  @Test
  void aSmallOutputLeavesTheRestOfItsInputToOthers() {
    // Overwriting would keep the whole input for as long as its small image lives.
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 8, 8, 4);
    Value pooled = net.maxPool(input, 2);
    Value wide = net.convSame(pooled, 1, 16, 1);
    MemoryPlan plan = plan(net.graph(net.relu(wide), net.relu(pooled)), Strategy.IN_PLACE);

    assertThat(plan.arenaBytes()).isLessThanOrEqualTo(320);
  }

  @Test
  void scratchLivesDuringItsStepOnly() {
    Graph graph = Networks.leNet(DType.INT8);
    MemoryPlan plan = MemoryPlanner.plans(graph, new FormsOnly(100), Rounding.DOUBLE).getFirst();

    assertThat(plan.scratch().keySet())
        .containsExactlyInAnyOrder(graph.nodes().get(0), graph.nodes().get(2));
    Buffer scratch =
        plan.planned().stream()
            .filter(buffer -> buffer.scratchOf().equals(Optional.of(graph.nodes().get(2))))
            .findFirst()
            .orElseThrow();
    assertThat(scratch.kind()).isEqualTo(Buffer.Kind.SCRATCH);
    assertThat(scratch.block())
        .isEqualTo(new Block("conv2d_2 scratch", 4, List.of(new Part(0, 100, 5, 6))));
    assertThat(List.of(scratch.first(), scratch.last())).containsOnly(2);
    PlanValidator.validate(plan);
  }

  @Test
  void anUnreadInputAndAnUnreadResultHaveMemoryAtTheirStep() {
    Network net = new Network(DType.INT8);
    Value unread = net.input(1, 16);
    Value input = net.input(1, 8);
    Value lost = net.dense(input, 4);
    Graph graph = net.graph(net.dense(input, 2));
    MemoryPlan plan = plan(graph, Strategy.GREEDY);

    assertThat(buffer(plan, unread).last()).isEqualTo(-1);
    assertThat(buffer(plan, lost).last()).isZero();
    assertThat(plan.arenaBytes()).isEqualTo(24);
  }

  @Test
  void aConstantOperandStaysInFlash() {
    Network net = new Network(DType.INT8);
    Value constant = net.constant(1, 4, 4, 2);
    Value sum = net.add(net.input(1, 4, 4, 2), constant);

    assertThat(plan(net.graph(sum), Strategy.GREEDY).place(constant)).isEmpty();
  }

  @Test
  void aResidualSumWithAConstantBranchIsAStage() {
    Network net = new Network(DType.INT8);
    Value x = net.convSame(net.input(1, 16, 16, 1), 3, 16, 1);
    x = net.add(x, net.constant(1, 16, 16, 16));
    x = net.convSame(x, 3, 1, 1);
    MemoryPlan plan = plan(net.graph(x), Strategy.STREAM);

    assertThat(plan.schedule().steps()).singleElement().isInstanceOf(Step.Stream.class);
    // A row of the first map, three of the sum, and the output where the input was.
    assertThat(plan.arenaBytes()).isEqualTo(256 + 3 * 256 + 256);
  }

  @Test
  void branchesAndTheirSumAreOneStream() {
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 16, 16, 2);
    Value wide = net.convSame(input, 3, 32, 1);
    Value other = net.convSame(input, 3, 1, 4);
    Value narrow = net.convSame(wide, 3, 1, 4);
    MemoryPlan plan = plan(net.graph(net.add(narrow, other)), Strategy.STREAM);

    assertThat(plan.schedule().steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Step.Stream.class, stream -> assertThat(stream.stages()).hasSize(4));
  }

  @Test
  void onlyAsManyNodesAreStreamedAsThePeakDemands() {
    Network net = new Network(DType.INT8);
    Value x = net.convSame(net.input(1, 32, 32, 1), 3, 32, 1);
    x = net.convSame(x, 3, 1, 1);
    x = net.convSame(x, 3, 1, 1);
    x = net.convSame(x, 3, 1, 1);
    MemoryPlan plan = plan(net.graph(x), Strategy.STREAM);

    assertThat(plan.schedule().steps().stream().map(step -> step.nodes().size()))
        .containsExactly(2, 1, 1);
    MemoryPlan every =
        PlanValidator.validate(
            MemoryPlanner.everythingStreamed(
                PlanRequest.of(net.graph(x), KERNELS, Rounding.DOUBLE)));
    assertThat(every.schedule().steps()).hasSize(1);
  }

  @Test
  void ramPrefersTheSmallestArenaAndOthersTheSmallestOfWholeNodes() {
    List<MemoryPlan> plans = plans(Networks.leNet(DType.INT8));

    assertThat(PlanChoice.choose(plans, Preference.RAM).strategy()).isEqualTo(Strategy.STREAM);
    for (Preference preference : List.of(Preference.BALANCED, Preference.SPEED, Preference.FLASH)) {
      assertThat(PlanChoice.choose(plans, preference).strategy()).isEqualTo(Strategy.OVERLAP);
    }
  }

  @Test
  void ofEqualArenasThePlainerStrategyIsChosenUnlessInPlaceSavesCopies() {
    assertThat(
            PlanChoice.choose(plans(Networks.autoencoder(DType.INT8)), Preference.BALANCED)
                .strategy())
        .isEqualTo(Strategy.PING_PONG);
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 4, 4, 2);
    Value relu = net.relu(input);
    List<MemoryPlan> plans = new ArrayList<>(plans(net.graph(net.convSame(relu, 1, 32, 1))));
    plans.removeIf(plan -> plan.strategy().compareTo(Strategy.IN_PLACE) > 0);
    plans.replaceAll(plan -> plan.strategy() == Strategy.IN_PLACE ? inPlace(plan) : plan);
    assertThat(plans.getLast().arenaBytes()).isEqualTo(plans.get(1).arenaBytes());
    assertThat(PlanChoice.choose(plans, Preference.BALANCED).strategy())
        .isEqualTo(Strategy.IN_PLACE);
    assertThat(PlanChoice.choose(plans, Preference.RAM).strategy()).isEqualTo(Strategy.PING_PONG);
  }

  @Test
  void aStrategyThatAddsNothingComesToTheOneBeforeIt() {
    List<MemoryPlan> plans = plans(Networks.autoencoder(DType.INT8));

    assertThat(PlanChoice.choose(plans, Strategy.STREAM).strategy()).isEqualTo(Strategy.OVERLAP);
    assertThat(PlanChoice.choose(plans, Strategy.NAIVE).strategy()).isEqualTo(Strategy.NAIVE);
  }

  @Test
  void planningTwiceGivesEqualPlans() {
    assertThat(plans(Networks.mobileNet(DType.INT8)))
        .isEqualTo(plans(Networks.mobileNet(DType.INT8)));
  }

  @Test
  void anOutputThatNoNodeComputesIsRefused() {
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 8);
    Graph graph = net.graph(net.dense(input, 2), input);

    assertThatThrownBy(() -> plans(graph))
        .isInstanceOf(ScheduleException.class)
        .hasMessage("graph output 'input_0' is not computed by a node; copy it with a reshape");
  }

  @Test
  void everyNodeWithoutAKernelIsNamed() {
    KernelLibrary none =
        new KernelLibrary() {
          @Override
          public Kernel select(KernelRequest request) {
            throw new KernelException("there is none");
          }

          @Override
          public Optional<Kernel> fuse(KernelRequest convolution, KernelRequest pooling) {
            return Optional.empty();
          }
        };
    Network net = new Network(DType.INT8);
    Graph graph = net.graph(net.relu(net.dense(net.input(1, 8), 2)));

    assertThatThrownBy(() -> MemoryPlanner.plans(graph, none, Rounding.DOUBLE))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "node 'fully_connected_0' (fully_connected): there is none\n"
                + "node 'relu_1' (relu): there is none");
  }

  private static Buffer buffer(MemoryPlan plan, Value value) {
    return plan.planned().stream()
        .filter(buffer -> buffer.value().equals(Optional.of(value)))
        .findFirst()
        .orElseThrow();
  }

  /** The plan with the input where the rectifier's output is. */
  private static MemoryPlan inPlace(MemoryPlan plan) {
    Map<Value, MemoryPlan.Place> places = new HashMap<>(plan.places());
    Node relu = plan.schedule().graph().nodes().getFirst();
    places.put(relu.inputs().getFirst(), plan.place(relu.output()).orElseThrow());
    return PlanValidator.validate(Plans.withPlaces(plan, places));
  }

  private static Map<Strategy, Long> arenas(Graph graph) {
    Map<Strategy, Long> arenas = new EnumMap<>(Strategy.class);
    plans(graph).forEach(plan -> arenas.put(plan.strategy(), plan.arenaBytes()));
    return arenas;
  }

  private static MemoryPlan plan(Graph graph, Strategy strategy) {
    MemoryPlan plan = PlanChoice.choose(plans(graph), strategy);
    assertThat(plan.strategy()).isEqualTo(strategy);
    return plan;
  }

  private static List<MemoryPlan> plans(Graph graph) {
    List<MemoryPlan> plans = MemoryPlanner.plans(graph, KERNELS, Rounding.DOUBLE);
    plans.forEach(PlanValidator::validate);
    return plans;
  }
}
