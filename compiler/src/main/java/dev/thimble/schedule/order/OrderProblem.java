package dev.thimble.schedule.order;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tasks that must run one after the other, each after those that write what it reads.
 *
 * <p>A value is live from the task that writes it until its last reader is done; one that nothing
 * reads, only while it is written. While a task runs, memory holds the values live before it, those
 * that it writes, and its scratch. Where the task is the last reader of the value that it may
 * overwrite, and its first output is no larger than that value, this output costs nothing while it
 * runs. The peak is the most that memory ever holds; before the first task it holds all inputs,
 * after the last all outputs.
 *
 * @param valueBytes the size of each value
 * @param tasks the tasks in an order in which they can run: the given order
 * @param inputs the values that are live from the start until their last reader is done
 * @param outputs the values that stay live to the end
 */
public record OrderProblem(
    List<Long> valueBytes, List<Task> tasks, Set<Integer> inputs, Set<Integer> outputs) {
  /**
   * Throws IllegalArgumentException when a value is unknown, of negative size, written twice, or
   * read before it is written.
   */
  public OrderProblem {
    valueBytes = List.copyOf(valueBytes);
    tasks = List.copyOf(tasks);
    inputs = Set.copyOf(inputs);
    outputs = Set.copyOf(outputs);
    Set<Integer> known = new HashSet<>(inputs);
    for (Task task : tasks) {
      if (!known.containsAll(task.reads())) {
        throw new IllegalArgumentException(
            "task '" + task.name() + "' reads a value that is not written before it");
      }
      for (int value : task.writes()) {
        if (!known.add(value)) {
          throw new IllegalArgumentException("value " + value + " is written twice");
        }
      }
    }
    if (!known.containsAll(outputs)) {
      throw new IllegalArgumentException("an output is never written");
    }
    for (int value : known) {
      if (value < 0 || value >= valueBytes.size()) {
        throw new IllegalArgumentException("there is no value " + value);
      }
    }
    if (valueBytes.stream().anyMatch(bytes -> bytes < 0)) {
      throw new IllegalArgumentException("a value has a negative size");
    }
  }

  /**
   * The peak of live bytes when the tasks run in this order. Throws IllegalArgumentException when
   * they cannot, or when one is missing.
   */
  public long peak(List<Integer> order) {
    if (order.size() != tasks.size() || new HashSet<>(order).size() != tasks.size()) {
      throw new IllegalArgumentException("the order does not list each task once");
    }
    Flow flow = new Flow(this);
    Progress progress = new Progress(flow);
    for (int task : order) {
      if (!progress.isReady(task)) {
        throw new IllegalArgumentException(
            "task '" + tasks.get(task).name() + "' runs before what it reads is written");
      }
      progress.run(task);
    }
    return progress.peak();
  }
}
