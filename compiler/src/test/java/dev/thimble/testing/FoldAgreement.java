package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a network of integers is from the floats that its file states. Node by node each is given
 * what the floats give, and at the outputs each has gone its own way.
 */
public final class FoldAgreement {
  private final Graph floats;
  private final Graph integers;
  private final Rounding rounding;
  private final TreeMap<Integer, Long> nodeSteps = new TreeMap<>();
  private final Map<Integer, Long> outputSteps = new TreeMap<>();
  private final Map<String, Integer> differing = new TreeMap<>();
  private int samples;
  private int sameArgMax;

  public FoldAgreement(Graph floats, Graph integers, Rounding rounding) {
    this.floats = floats;
    this.integers = integers;
    this.rounding = rounding;
  }

  /** Adds a sample, as the floats take it. */
  public void add(List<Tensor> sample) {
    Map<String, Tensor> expected = run(floats, sample, Map.of());
    run(integers, sample, expected);
    Map<String, Tensor> free = run(integers, sample, null);
    samples++;
    boolean same = true;
    for (int i = 0; i < floats.outputs().size(); i++) {
      Tensor a = expected.get(floats.outputs().get(i).name());
      Tensor b = free.get(integers.outputs().get(i).name());
      same &= argMax(a) == argMax(b);
      double step = step(integers, integers.outputs().get(i), a);
      for (int j = 0; j < a.type().elements(); j++) {
        int steps = (int) Math.rint(Math.abs(number(a, j) - number(b, j)) / step);
        outputSteps.merge(steps, 1L, Long::sum);
      }
    }
    sameArgMax += same ? 1 : 0;
  }

  private static double number(Tensor tensor, int at) {
    return tensor.type().isFloat() ? tensor.floats()[at] : tensor.longs()[at];
  }

  private static int argMax(Tensor tensor) {
    int best = 0;
    for (int i = 1; i < tensor.type().elements(); i++) {
      best = number(tensor, i) > number(tensor, best) ? i : best;
    }
    return best;
  }

  /** What a float output's numbers are multiples of. */
  private static double step(Graph graph, Value output, Tensor reference) {
    if (!output.type().isFloat()) {
      return 1;
    }
    Value at = output;
    while (true) {
      Node node = graph.producer(at).orElse(null);
      if (node == null) {
        break;
      }
      at = node.input();
      if (at.type().isQuantized()) {
        return at.type().scale();
      }
    }
    double largest = 0;
    for (float value : reference.floats()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return Math.max(largest, Float.MIN_NORMAL) / 127;
  }

  /** All values by name; with {@code forced}, int8 values are compared and replaced. */
  private Map<String, Tensor> run(
      Graph graph, List<Tensor> sample, @Nullable Map<String, Tensor> forced) {
    Map<String, Tensor> values = new HashMap<>();
    graph.constants().forEach((value, data) -> values.put(value.name(), data));
    for (int i = 0; i < sample.size(); i++) {
      Value input = graph.inputs().get(i);
      values.put(input.name(), sample.get(i).as(input.type()));
    }
    for (Node node : graph.nodes()) {
      List<Tensor> operands =
          node.inputs().stream().map(value -> values.get(value.name())).toList();
      List<Tensor> results = node.op().evaluate(operands, node.outputTypes(), rounding);
      for (int i = 0; i < results.size(); i++) {
        Value output = node.outputs().get(i);
        Tensor result = results.get(i);
        Tensor other = forced == null ? null : forced.get(output.name());
        boolean comparable = other != null && output.type().isQuantized();
        values.put(output.name(), comparable ? compared(node, result, other) : result);
      }
    }
    return values;
  }

  private Tensor compared(Node node, Tensor result, Tensor expected) {
    boolean recoded = expected.type().dtype() == DType.UINT8 && result.type().dtype() == DType.INT8;
    int offset = recoded ? 128 : 0;
    int[] stored = expected.ints().clone();
    for (int i = 0; i < stored.length; i++) {
      stored[i] -= offset;
      int steps = Math.abs(stored[i] - result.ints()[i]);
      if (steps > 0) {
        differing.merge(node.place(), 1, Integer::sum);
      }
      nodeSteps.merge(steps, 1L, Long::sum);
    }
    return Tensor.ofInts(result.type(), stored);
  }

  /** The most steps that a node is off what the floats give, given the same. */
  public int nodeSteps() {
    return nodeSteps.isEmpty() ? 0 : nodeSteps.lastKey();
  }

  /** The share of the outputs' numbers that are at most so many steps off. */
  public double outputsWithin(int steps) {
    long all = 0;
    long within = 0;
    for (Map.Entry<Integer, Long> entry : outputSteps.entrySet()) {
      all += entry.getValue();
      within += entry.getKey() <= steps ? entry.getValue() : 0;
    }
    return (double) within / all;
  }

  /** The share of the samples whose largest outputs are at the same places. */
  public double sameArgMax() {
    return (double) sameArgMax / samples;
  }

  /** What was measured, for messages and tables. */
  public String text() {
    List<String> histogram = new ArrayList<>();
    outputSteps.forEach((steps, count) -> histogram.add(steps + ": " + count));
    return String.format(
        Locale.ROOT,
        "nodes %s %s, outputs %s, arg-max %d of %d",
        nodeSteps,
        differing,
        histogram,
        sameArgMax,
        samples);
  }
}
