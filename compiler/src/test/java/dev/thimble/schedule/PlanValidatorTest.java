package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Graph;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.MemoryPlan.Placed;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every corruption of a valid plan is found. */
class PlanValidatorTest {
  @Test
  void overlappingBuffersAreNamed() {
    MemoryPlan plan = leNet(Strategy.GREEDY, 0);
    Placed input = plan.buffers().getFirst();
    MemoryPlan corrupt = replaced(plan, 0, new Placed(input.buffer(), 4_703));

    assertThatThrownBy(() -> PlanValidator.validate(corrupt))
        .isInstanceOf(ScheduleException.class)
        .hasMessage(
            "buffers 'input_0' at 4703, 1024 bytes, and 'conv2d_0' at 0, 4704 bytes, overlap at"
                + " step 0");
  }

  /** An offset may be moved to where it does no harm, so painting the arena decides. */
  @Test
  void aMovedOffsetIsFoundExactlyWhereBytesAreWrittenTwice() {
    int harmful = 0;
    for (int seed = 0; seed < 400; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      for (MemoryPlan plan : plans(RandomNetwork.of(seed), seed % 2 * 20)) {
        int index = random.nextInt(plan.buffers().size());
        Buffer buffer = plan.buffers().get(index).buffer();
        long most = plan.arenaBytes() - buffer.bytes();
        long offset = random.nextLong(most + 1) / buffer.alignment() * buffer.alignment();
        MemoryPlan moved = replaced(plan, index, new Placed(buffer, offset));
        boolean harm = paintedTwice(moved);
        harmful += harm ? 1 : 0;
        assertThat(isRefused(moved)).as("seed %d, %s", seed, plan.strategy()).isEqualTo(harm);
      }
    }
    assertThat(harmful).isGreaterThan(300);
  }

  @Test
  void aBufferOutsideOfTheArenaIsFound() {
    everyBuffer(
        plan -> plan.arenaBytes() - 1,
        (buffer, end) -> new Placed(buffer, (end / buffer.alignment() + 1) * buffer.alignment()));
    everyBuffer(plan -> 0L, (buffer, zero) -> new Placed(buffer, -buffer.alignment()));
  }

  @Test
  void aMisalignedBufferIsFound() {
    for (MemoryPlan plan : plans(Networks.leNet(DType.FLOAT32), 8)) {
      for (int i = 0; i < plan.buffers().size(); i++) {
        Placed placed = plan.buffers().get(i);
        MemoryPlan larger = withArena(plan, plan.arenaBytes() * 3);
        Placed odd = new Placed(placed.buffer(), plan.arenaBytes() + 4 * i + 2);
        assertThat(isRefused(replaced(larger, i, odd))).isTrue();
      }
    }
  }

  @Test
  void aBufferThatIsShortByOneByteIsFound() {
    everyBuffer(
        plan -> 0L,
        (b, none) ->
            new Placed(
                new Buffer(
                    b.name(),
                    b.kind(),
                    b.values(),
                    b.bytes() - 1,
                    b.alignment(),
                    b.first(),
                    b.last()),
                -1));
  }

  @Test
  void aLiveRangeThatEndsOrBeginsAStepTooFarInIsFound() {
    everyBuffer(plan -> 0L, (b, none) -> new Placed(ranged(b, b.first() + 1, b.last()), -1));
    everyBuffer(plan -> 0L, (b, none) -> new Placed(ranged(b, b.first(), b.last() - 1), -1));
  }

  @Test
  void aMissingBufferIsFound() {
    for (int seed = 0; seed < 200; seed++) {
      for (MemoryPlan plan : plans(RandomNetwork.of(seed), 20)) {
        for (int i = 0; i < plan.buffers().size(); i++) {
          List<Placed> fewer = new ArrayList<>(plan.buffers());
          fewer.remove(i);
          assertThat(isRefused(withBuffers(plan, fewer))).isTrue();
        }
      }
    }
  }

  @Test
  void missingScratchIsFound() {
    MemoryPlan plan = leNet(Strategy.GREEDY, 64);
    MemoryPlan corrupt =
        new MemoryPlan(
            plan.strategy(),
            plan.schedule(),
            plan.buffers(),
            Map.of(),
            plan.arenaBytes(),
            plan.lowerBound());

    assertThatThrownBy(() -> PlanValidator.validate(corrupt)).hasMessage("step 0 has no scratch");
  }

  @Test
  void aRingOfOneRowLessIsFound() {
    int rings = 0;
    for (int seed = 0; seed < 400; seed++) {
      MemoryPlan plan =
          MemoryPlanner.everyChainStreamed(
              RandomNetwork.of(seed), new FormsOnly(0), Rounding.DOUBLE);
      for (int i = 0; i < plan.schedule().steps().size(); i++) {
        if (plan.schedule().steps().get(i) instanceof Step.Stream stream) {
          for (int stage = 0; stage < stream.stages().size(); stage++) {
            assertThat(isRefused(shrunk(plan, i, stream, stage))).as("seed " + seed).isTrue();
            rings++;
          }
        }
      }
    }
    assertThat(rings).isGreaterThan(300);
  }

  @Test
  void stepsThatAreSwappedLostOrDoubledAreFound() {
    for (int seed = 0; seed < 200; seed++) {
      for (MemoryPlan plan : plans(RandomNetwork.of(seed), 0)) {
        List<Step> steps = plan.schedule().steps();
        for (int i = 0; i < steps.size(); i++) {
          List<Step> fewer = new ArrayList<>(steps);
          Step step = fewer.remove(i);
          assertThat(isRefused(withSteps(plan, fewer))).isTrue();
          List<Step> more = new ArrayList<>(steps);
          more.add(step);
          assertThat(isRefused(withSteps(plan, more))).isTrue();
          if (i > 0 && reads(step, steps.get(i - 1))) {
            List<Step> swapped = new ArrayList<>(steps);
            swapped.set(i, steps.get(i - 1));
            swapped.set(i - 1, step);
            assertThat(isRefused(withSteps(plan, swapped))).isTrue();
          }
        }
      }
    }
  }

  @Test
  void valuesThatAreInUseAtOnceMayNotShareABuffer() {
    MemoryPlan plan = leNet(Strategy.GREEDY, 0);
    Buffer input = plan.buffers().getFirst().buffer();
    Buffer map = plan.buffers().get(1).buffer();
    Buffer both =
        new Buffer(
            "both",
            Buffer.Kind.INPUT,
            List.of(input.values().getFirst(), map.values().getFirst()),
            map.bytes(),
            1,
            -1,
            map.last());
    List<Placed> buffers = new ArrayList<>(plan.buffers());
    buffers.remove(0);
    buffers.set(0, new Placed(both, 0));

    assertThatThrownBy(() -> PlanValidator.validate(withBuffers(plan, buffers)))
        .hasMessage(
            "'conv2d_0' overwrites 'input_0' in buffer 'both' at step 0, which is still needed");
  }

  private interface Corruption {
    Placed of(Buffer buffer, long number);
  }

  /** Corrupts each buffer of many plans by itself; an offset of -1 stands for the present one. */
  private static void everyBuffer(ToLongFunction<MemoryPlan> number, Corruption corruption) {
    for (int seed = 0; seed < 200; seed++) {
      for (MemoryPlan plan : plans(RandomNetwork.of(seed), seed % 2 * 20)) {
        for (int i = 0; i < plan.buffers().size(); i++) {
          Placed placed = plan.buffers().get(i);
          Placed corrupt = corruption.of(placed.buffer(), number.applyAsLong(plan));
          boolean keeps = !corrupt.buffer().equals(placed.buffer());
          MemoryPlan corrupted =
              replaced(plan, i, keeps ? new Placed(corrupt.buffer(), placed.offset()) : corrupt);
          assertThat(isRefused(corrupted))
              .as("seed %d, %s, buffer %d", seed, plan.strategy(), i)
              .isTrue();
        }
      }
    }
  }

  private static boolean isRefused(MemoryPlan plan) {
    try {
      PlanValidator.validate(plan);
      return false;
    } catch (ScheduleException e) {
      return true;
    }
  }

  private static boolean paintedTwice(MemoryPlan plan) {
    int steps = plan.schedule().steps().size() + 2;
    boolean[][] painted = new boolean[steps][(int) plan.arenaBytes()];
    for (Placed placed : plan.buffers()) {
      for (int step = placed.buffer().first(); step <= placed.buffer().last(); step++) {
        for (int b = 0; b < placed.buffer().bytes(); b++) {
          int at = (int) placed.offset() + b;
          if (painted[step + 1][at]) {
            return true;
          }
          painted[step + 1][at] = true;
        }
      }
    }
    return false;
  }

  private static boolean reads(Step step, Step before) {
    return step.nodes().stream()
        .anyMatch(node -> node.inputs().stream().anyMatch(before.outputs()::contains));
  }

  private static MemoryPlan shrunk(MemoryPlan plan, int index, Step.Stream stream, int stage) {
    UnaryOperator<Step.Stage> less = s -> new Step.Stage(s.nodes(), s.kernel(), s.ringRows() - 1);
    List<Step.Stage> stages = new ArrayList<>(stream.stages());
    stages.set(stage, less.apply(stages.get(stage)));
    List<Step> steps = new ArrayList<>(plan.schedule().steps());
    steps.set(index, new Step.Stream(stages));
    return withSteps(plan, steps);
  }

  private static Buffer ranged(Buffer b, int first, int last) {
    return new Buffer(b.name(), b.kind(), b.values(), b.bytes(), b.alignment(), first, last);
  }

  private static MemoryPlan replaced(MemoryPlan plan, int index, Placed placed) {
    List<Placed> buffers = new ArrayList<>(plan.buffers());
    Placed before = buffers.set(index, placed);
    Map<Integer, Placed> scratch = new HashMap<>(plan.scratch());
    scratch.replaceAll((step, p) -> p.equals(before) ? placed : p);
    return new MemoryPlan(
        plan.strategy(), plan.schedule(), buffers, scratch, plan.arenaBytes(), plan.lowerBound());
  }

  private static MemoryPlan withBuffers(MemoryPlan plan, List<Placed> buffers) {
    return new MemoryPlan(
        plan.strategy(),
        plan.schedule(),
        buffers,
        plan.scratch(),
        plan.arenaBytes(),
        plan.lowerBound());
  }

  private static MemoryPlan withSteps(MemoryPlan plan, List<Step> steps) {
    return new MemoryPlan(
        plan.strategy(),
        new Schedule(plan.schedule().graph(), steps),
        plan.buffers(),
        plan.scratch(),
        plan.arenaBytes(),
        plan.lowerBound());
  }

  private static MemoryPlan withArena(MemoryPlan plan, long bytes) {
    return new MemoryPlan(
        plan.strategy(), plan.schedule(), plan.buffers(), plan.scratch(), bytes, plan.lowerBound());
  }

  private static MemoryPlan leNet(Strategy strategy, int scratch) {
    return MemoryPlanner.choose(plans(Networks.leNet(DType.INT8), scratch), strategy);
  }

  private static List<MemoryPlan> plans(Graph graph, int scratch) {
    return MemoryPlanner.plans(graph, new FormsOnly(scratch), Rounding.DOUBLE);
  }
}
