package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.schedule.Buffers.Sharing;
import dev.thimble.schedule.Buffers.Slots;
import dev.thimble.schedule.order.Order;
import dev.thimble.schedule.order.OrderProblem;
import dev.thimble.schedule.order.Task;
import dev.thimble.tensor.DType;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderingTest {
  @Test
  void theWiderBranchRunsFirstWhereItLeavesLess() {
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 8, 8, 2);
    Value kept = net.convSame(input, 1, 8, 1);
    Value wide = net.convSame(input, 1, 32, 1);
    Value narrow = net.convSame(wide, 1, 8, 1);
    Schedule given = whole(net.graph(net.add(kept, narrow)));
    Schedule better = Ordering.leastPeak(given);
    assertThat(better.steps())
        .containsExactly(
            given.steps().get(1), given.steps().get(2), given.steps().get(0), given.steps().get(3));
    assertThat(bound(given, Sharing.IN_PLACE)).isEqualTo(64 * (8 + 32 + 8));
    assertThat(bound(better, Sharing.IN_PLACE)).isEqualTo(64 * (2 + 32 + 8));
  }

  @Test
  void aScheduleThatCannotBeBetterStaysTheSame() {
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 8, 8, 2);
    Value sum = net.add(net.convSame(input, 1, 8, 1), net.convSame(input, 1, 8, 1));
    Schedule given = whole(net.graph(sum));
    assertThat(Ordering.leastPeak(given)).isSameAs(given);
  }

  @Test
  void whatAKernelMayOverwriteIsPartOfTheProblem() {
    Network net = new Network(DType.INT8);
    Value input = net.input(1, 8, 8, 2);
    Value twice = net.add(input, input);
    Graph graph = net.graph(net.relu(twice));
    OrderProblem problem = Ordering.problem(whole(graph));
    assertThat(problem.tasks())
        .extracting(Task::overwrites)
        .containsExactly(OptionalInt.empty(), OptionalInt.of(1));
    assertThat(problem.tasks().getFirst().reads()).containsExactly(0);
  }

  @Test
  void withoutOverwritingThePeakIsTheSumOfTheBuffersInUse() {
    for (int seed = 0; seed < 300; seed++) {
      Schedule whole = whole(RandomNetwork.of(seed), seed % 3 * 40);
      assertThat(given(apart(Ordering.problem(whole))))
          .as("seed %d", seed)
          .isEqualTo(bound(whole, Sharing.NONE));
    }
  }

  @Test
  void stepsRunAfterThoseThatTheyReadFromAndNoneIsLost() {
    int better = 0;
    for (int seed = 0; seed < 600; seed++) {
      Schedule given = whole(RandomNetwork.of(seed), seed % 3 * 40);
      Order order = Ordering.solve(given);
      assertThat(order.optimal()).as("seed %d", seed).isTrue();
      Schedule ordered = Ordering.leastPeak(given);
      assertThat(ordered.steps()).containsExactlyInAnyOrderElementsOf(given.steps());
      Set<Value> written = new HashSet<>(given.graph().inputs());
      for (Step step : ordered.steps()) {
        assertThat(written).containsAll(LiveRanges.reads(given.graph(), step));
        written.addAll(step.outputs());
      }
      better += ordered.equals(given) ? 0 : 1;
    }
    assertThat(better).isPositive();
  }

  private static Schedule whole(Graph graph) {
    return whole(graph, 0);
  }

  private static Schedule whole(Graph graph, int scratch) {
    return Scheduler.whole(graph, new FormsOnly(scratch), Rounding.DOUBLE);
  }

  private static long bound(Schedule schedule, Sharing sharing) {
    return Buffers.of(schedule, sharing, Slots.FEWEST).problem().lowerBound();
  }

  private static long given(OrderProblem problem) {
    return problem.peak(IntStream.range(0, problem.tasks().size()).boxed().toList());
  }

  private static OrderProblem apart(OrderProblem problem) {
    List<Task> tasks =
        problem.tasks().stream()
            .map(task ->
                new Task(
                    task.name(),
                    task.reads(),
                    task.writes(),
                    task.scratchBytes(),
                    OptionalInt.empty()))
            .toList();
    return new OrderProblem(problem.valueBytes(), tasks, problem.inputs(), problem.outputs());
  }
}
