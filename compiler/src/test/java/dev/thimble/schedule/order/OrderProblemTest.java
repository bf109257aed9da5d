package dev.thimble.schedule.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderProblemTest {
  private static Task task(List<Integer> reads, List<Integer> writes) {
    return new Task("t", reads, writes, 0, OptionalInt.empty());
  }

  @Test
  void thePeakIsWhatMemoryHoldsWhileATaskRuns() {
    Tasks net = new Tasks();
    int first = net.task(8, net.input(4));
    OrderProblem problem = net.problem(net.task(2, first));
    assertThat(problem.peak(List.of(0, 1))).isEqualTo(12);
    assertThatThrownBy(() -> problem.peak(List.of(1, 0)))
        .hasMessage("task 't1' runs before what it reads is written");
    assertThatThrownBy(() -> problem.peak(List.of(0, 0)))
        .hasMessage("the order does not list each task once");
  }

  @Test
  void aValueThatNothingReadsIsLiveOnlyWhileItIsWritten() {
    Tasks net = new Tasks();
    int input = net.input(4);
    net.task(50, input);
    OrderProblem problem = net.problem(net.task(10, input));
    assertThat(problem.peak(List.of(0, 1))).isEqualTo(54);
  }

  @Test
  void impossibleProblemsAreRefused() {
    assertThatThrownBy(() ->
            new OrderProblem(
                List.of(1L, 1L), List.of(task(List.of(0), List.of(1))), Set.of(), Set.of()))
        .hasMessage("task 't' reads a value that is not written before it");
    assertThatThrownBy(() ->
            new OrderProblem(
                List.of(1L), List.of(task(List.of(), List.of(0))), Set.of(0), Set.of()))
        .hasMessage("value 0 is written twice");
    assertThatThrownBy(() -> new OrderProblem(List.of(1L), List.of(), Set.of(), Set.of(0)))
        .hasMessage("an output is never written");
    assertThatThrownBy(() -> new OrderProblem(List.of(), List.of(), Set.of(0), Set.of()))
        .hasMessage("there is no value 0");
    assertThatThrownBy(() -> new OrderProblem(List.of(-1L), List.of(), Set.of(), Set.of()))
        .hasMessage("a value has a negative size");
    assertThatThrownBy(() -> task(List.of(0, 0), List.of(1)))
        .hasMessage("task 't' lists a value twice");
    assertThatThrownBy(() -> new Task("t", List.of(), List.of(1), -1, OptionalInt.empty()))
        .hasMessage("task 't' has negative scratch");
    assertThatThrownBy(() -> new Task("t", List.of(0), List.of(1), 0, OptionalInt.of(2)))
        .hasMessage("task 't' overwrites a value that it does not read, or writes none");
  }
}
