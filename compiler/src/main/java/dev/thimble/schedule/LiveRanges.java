package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From when until when the values that lie whole in memory are in use. */
final class LiveRanges {
  /** The steps from the one that writes a value to the last one that reads it, both inclusive. */
  record Range(int first, int last) {
    boolean contains(int step) {
      return first <= step && step <= last;
    }
  }

  private final Map<Value, Range> ranges;

  private LiveRanges(Map<Value, Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * The ranges under this schedule, in the order in which the values are written. Throws {@link
   * ScheduleException} when a graph output is no node's output: it would have no memory of its own.
   */
  static LiveRanges of(Schedule schedule) {
    Graph graph = schedule.graph();
    Map<Value, Range> ranges = new LinkedHashMap<>();
    graph.inputs().forEach(input -> ranges.put(input, new Range(-1, -1)));
    for (int i = 0; i < schedule.steps().size(); i++) {
      int index = i;
      for (Value read : reads(graph, schedule.steps().get(i))) {
        ranges.computeIfPresent(read, (v, range) -> new Range(range.first(), index));
      }
      schedule.steps().get(i).outputs().forEach(v -> ranges.put(v, new Range(index, index)));
    }
    for (Value output : graph.outputs()) {
      if (graph.producer(output).isEmpty()) {
        throw new ScheduleException(
            "graph output '"
                + output.name()
                + "' is not computed by a node; copy it with a reshape");
      }
      int end = schedule.steps().size();
      ranges.computeIfPresent(output, (v, range) -> new Range(range.first(), end));
    }
    return new LiveRanges(ranges);
  }

  /** The values that a step reads from memory: neither constants nor its own nodes' outputs. */
  static Set<Value> reads(Graph graph, Step step) {
    Set<Value> reads = new LinkedHashSet<>();
    List<Value> within = new ArrayList<>();
    for (Node node : step.nodes()) {
      for (Value input : node.inputs()) {
        if (!graph.isConstant(input) && !within.contains(input)) {
          reads.add(input);
        }
      }
      within.addAll(node.outputs());
    }
    return reads;
  }

  /** Every value that lies whole in memory, in the order in which they are written. */
  Set<Value> values() {
    return ranges.keySet();
  }

  Range of(Value value) {
    Range range = ranges.get(value);
    if (range == null) {
      throw new IllegalArgumentException("'" + value.name() + "' does not lie whole in memory");
    }
    return range;
  }
}
