package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.schedule.order.LeastPeak;
import dev.thimble.schedule.order.Order;
import dev.thimble.schedule.order.OrderProblem;
import dev.thimble.schedule.order.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Puts a schedule's steps in the order whose peak of live bytes is least. */
public final class Ordering {
  private final Graph graph;

  /** The values that lie whole in memory, by their numbers in the problem. */
  private final Map<Value, Integer> numbers = new LinkedHashMap<>();

  private Ordering(Schedule schedule) {
    this.graph = schedule.graph();
    graph.inputs().forEach(this::number);
    for (Step step : schedule.steps()) {
      step.outputs().forEach(this::number);
    }
  }

  private void number(Value value) {
    numbers.putIfAbsent(value, numbers.size());
  }

  /**
   * The same steps in an order with a lower peak, or the schedule itself where {@link LeastPeak}
   * finds none. The schedule's steps, all single calls, must stand in an order in which they can
   * run.
   */
  public static Schedule leastPeak(Schedule schedule) {
    List<Step> steps = new ArrayList<>();
    for (int step : solve(schedule).tasks()) {
      steps.add(schedule.steps().get(step));
    }
    return steps.equals(schedule.steps()) ? schedule : new Schedule(schedule.graph(), steps);
  }

  /** The best order of the schedule's steps by their index, its peak, and whether it is proved. */
  public static Order solve(Schedule schedule) {
    return LeastPeak.solve(problem(schedule));
  }

  /**
   * The schedule as a problem of ordering: a task for each step, in their order; a value for each
   * graph input and for each output of a step. Constants take no memory. Scratch is only there
   * while the step runs.
   */
  static OrderProblem problem(Schedule schedule) {
    Ordering ordering = new Ordering(schedule);
    return new OrderProblem(
        ordering.numbers.keySet().stream().map(value -> value.type().bytes()).toList(),
        schedule.steps().stream().map(ordering::task).toList(),
        ordering.numbers(new HashSet<>(ordering.graph.inputs())),
        ordering.numbers(new HashSet<>(ordering.graph.outputs())));
  }

  /** The values' numbers; constants have none. */
  private Set<Integer> numbers(Set<Value> values) {
    Set<Integer> found = new HashSet<>();
    for (Value value : values) {
      if (numbers.containsKey(value)) {
        found.add(numberOf(value));
      }
    }
    return found;
  }

  private int numberOf(Value value) {
    return Objects.requireNonNull(numbers.get(value), value.name());
  }

  private Task task(Step step) {
    Step.Single single = single(step);
    Set<Value> reads = LiveRanges.reads(graph, step);
    return new Task(
        step.nodes().getLast().name(),
        reads.stream().map(this::numberOf).toList(),
        step.outputs().stream().map(this::numberOf).toList(),
        single.kernel().scratchBytes(),
        reads.stream()
            .filter(value -> Overlap.overwrites(single, value))
            .filter(value -> Overlap.room(single, value).isPresent())
            .mapToInt(this::numberOf)
            .findFirst());
  }

  private static Step.Single single(Step step) {
    return switch (step) {
      case Step.Single single -> single;
      case Step.Stream stream ->
          throw new IllegalArgumentException("steps are put in order before streams are cut");
    };
  }
}
