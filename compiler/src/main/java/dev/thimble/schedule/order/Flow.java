package dev.thimble.schedule.order;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** A problem as arrays: who writes and who reads a value, who must run before whom. */
final class Flow {
  final int tasks;
  final int values;
  final long[] bytes;
  final boolean[] isInput;

  /** Whether the value is live to the end. */
  final boolean[] stays;

  /** For each value, the tasks that read it. */
  final int[][] readers;

  /** For each task, the values that it reads and writes. */
  final int[][] reads;

  final int[][] writes;

  /** For each task, those that must run before it or after it because a value connects them. */
  final int[][] before;

  final int[][] after;

  /** For each task, the bytes of its outputs and its scratch. */
  final long[] claims;

  /** For each task, the bytes of its outputs that something needs later. */
  final long[] leaves;

  /** For each task, the value that its first output can take the place of, or -1. */
  final int[] overwritten;

  /** For each task, the bytes of its first output if that can take a value's place. */
  final long[] reused;

  Flow(OrderProblem problem) {
    tasks = problem.tasks().size();
    values = problem.valueBytes().size();
    bytes = problem.valueBytes().stream().mapToLong(Long::longValue).toArray();
    isInput = new boolean[values];
    stays = new boolean[values];
    problem.inputs().forEach(value -> isInput[value] = true);
    problem.outputs().forEach(value -> stays[value] = true);
    reads = new int[tasks][];
    writes = new int[tasks][];
    for (int t = 0; t < tasks; t++) {
      reads[t] = ints(problem.tasks().get(t).reads());
      writes[t] = ints(problem.tasks().get(t).writes());
    }
    readers = inverted(reads, values);
    before = new int[tasks][];
    after = new int[tasks][];
    connect();
    claims = new long[tasks];
    leaves = new long[tasks];
    overwritten = new int[tasks];
    reused = new long[tasks];
    for (int t = 0; t < tasks; t++) {
      measure(t, problem.tasks().get(t));
    }
  }

  private void connect() {
    int[] writer = new int[values];
    Arrays.fill(writer, -1);
    for (int t = 0; t < tasks; t++) {
      for (int value : writes[t]) {
        writer[value] = t;
      }
    }
    for (int t = 0; t < tasks; t++) {
      TreeSet<Integer> earlier = new TreeSet<>();
      for (int value : reads[t]) {
        if (writer[value] >= 0) {
          earlier.add(writer[value]);
        }
      }
      before[t] = ints(earlier);
    }
    int[][] later = inverted(before, tasks);
    System.arraycopy(later, 0, after, 0, tasks);
  }

  private void measure(int t, Task task) {
    claims[t] = task.scratchBytes();
    for (int value : writes[t]) {
      claims[t] += bytes[value];
      if (stays[value] || readers[value].length > 0) {
        leaves[t] += bytes[value];
      }
    }
    overwritten[t] = -1;
    if (task.overwrites().isPresent()) {
      int value = task.overwrites().getAsInt();
      long first = bytes[writes[t][0]];
      if (!stays[value] && first <= bytes[value]) {
        overwritten[t] = value;
        reused[t] = first;
      }
    }
  }

  private static int[][] inverted(int[][] lists, int size) {
    List<List<Integer>> inverse = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      inverse.add(new ArrayList<>());
    }
    for (int i = 0; i < lists.length; i++) {
      for (int to : lists[i]) {
        inverse.get(to).add(i);
      }
    }
    return inverse.stream().map(Flow::ints).toArray(int[][]::new);
  }

  private static int[] ints(Collection<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
