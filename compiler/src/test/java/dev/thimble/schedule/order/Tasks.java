package dev.thimble.schedule.order;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Builds problems a task at a time; values are named by their numbers. */
final class Tasks {
  private final List<Long> bytes = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final Set<Integer> inputs = new HashSet<>();

  int input(long size) {
    bytes.add(size);
    inputs.add(bytes.size() - 1);
    return bytes.size() - 1;
  }

  /** A task of one output. */
  int task(long size, int... reads) {
    return task(size, 0, OptionalInt.empty(), reads);
  }

  /** A task of one output, which may take over the first value read. */
  int inPlace(long size, int... reads) {
    return task(size, 0, OptionalInt.of(reads[0]), reads);
  }

  int task(long size, long scratch, OptionalInt overwrites, int... reads) {
    return tasks(List.of(size), scratch, overwrites, reads).getFirst();
  }

  List<Integer> tasks(List<Long> sizes, long scratch, OptionalInt overwrites, int... reads) {
    List<Integer> writes = new ArrayList<>();
    for (long size : sizes) {
      bytes.add(size);
      writes.add(bytes.size() - 1);
    }
    Set<Integer> distinct = new LinkedHashSet<>();
    for (int read : reads) {
      distinct.add(read);
    }
    String name = "t" + tasks.size();
    tasks.add(new Task(name, List.copyOf(distinct), writes, scratch, overwrites));
    return writes;
  }

  long bytes(int value) {
    return bytes.get(value);
  }

  OrderProblem problem(Integer... outputs) {
    return new OrderProblem(bytes, tasks, inputs, Set.of(outputs));
  }
}
