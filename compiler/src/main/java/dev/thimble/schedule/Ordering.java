package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.schedule.order.LeastPeak;
import dev.thimble.schedule.order.Order;
import dev.thimble.schedule.order.OrderProblem;
import dev.thimble.schedule.order.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
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

  /**
   * For each step that writes what a state becomes, and each that reads what it was, the numbers of
   * values of no bytes that say which of them comes first.
   */
  private final Map<Step, List<Integer>> signals = new IdentityHashMap<>();

  private final Map<Step, List<Integer>> awaited = new IdentityHashMap<>();
  private int count;

  private Ordering(Schedule schedule) {
    this.graph = schedule.graph();
    graph.inputs().forEach(this::number);
    graph.states().forEach(state -> number(state.current()));
    for (Step step : schedule.steps()) {
      step.outputs().forEach(this::number);
    }
    count = numbers.size();
    for (State state : graph.states()) {
      for (Step writer : schedule.steps()) {
        if (writer.outputs().contains(state.next())) {
          schedule.steps().forEach(reader -> await(state, writer, reader));
        }
      }
    }
  }

  private void await(State state, Step writer, Step reader) {
    if (reader != writer && LiveRanges.reads(graph, reader).contains(state.current())) {
      signals.computeIfAbsent(reader, s -> new ArrayList<>()).add(count);
      awaited.computeIfAbsent(writer, s -> new ArrayList<>()).add(count);
      count++;
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
    Set<Value> inputs = new HashSet<>(ordering.graph.inputs());
    Set<Value> outputs = new HashSet<>(ordering.graph.outputs());
    ordering.graph.states().forEach(state -> inputs.add(state.current()));
    ordering.graph.states().forEach(state -> outputs.add(state.next()));
    List<Long> bytes = new ArrayList<>();
    ordering.numbers.keySet().forEach(value -> bytes.add(value.type().bytes()));
    bytes.addAll(Collections.nCopies(ordering.count - bytes.size(), 0L));
    return new OrderProblem(
        bytes,
        schedule.steps().stream().map(ordering::task).toList(),
        ordering.numbers(inputs),
        ordering.numbers(outputs));
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
        joined(reads, awaited.getOrDefault(step, List.of())),
        joined(step.outputs(), signals.getOrDefault(step, List.of())),
        single.kernel().scratchBytes(),
        reads.stream()
            .filter(value -> Overlap.overwrites(single, value))
            .filter(value -> Overlap.partner(single, value).equals(step.outputs().getFirst()))
            .filter(value -> Overlap.room(single, value).isPresent())
            .mapToInt(this::numberOf)
            .findFirst());
  }

  private List<Integer> joined(Collection<Value> values, List<Integer> others) {
    List<Integer> joined = new ArrayList<>(values.stream().map(this::numberOf).toList());
    joined.addAll(others);
    return joined;
  }

  private static Step.Single single(Step step) {
    return switch (step) {
      case Step.Single single -> single;
      case Step.Stream stream ->
          throw new IllegalArgumentException("steps are put in order before streams are cut");
    };
  }
}
