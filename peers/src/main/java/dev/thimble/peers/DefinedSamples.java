package dev.thimble.peers;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Binary;
import dev.thimble.op.Cast;
import dev.thimble.op.Gather;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Random inputs for which the formats define what comes out: indices that lie within their axis,
 * and integer powers that fit their type. Beyond that runtimes may fail or differ; Thimble's own
 * rules for it are verified between its reference and its code, with any numbers.
 */
final class DefinedSamples {
  private static final Range POWER = new Range(1, 5);

  /** Integers from the first to the last. */
  private record Range(long first, long last) {
    long of(long random) {
      return first + Math.floorMod(random, last - first + 1);
    }
  }

  private final Graph graph;
  private final Map<Value, Range> ranges = new LinkedHashMap<>();

  private DefinedSamples(Graph graph) {
    this.graph = graph;
    graph.nodes().forEach(this::restrict);
  }

  /** The sample of each seed from 1 on. */
  static List<List<Tensor>> of(Graph graph, int seeds) {
    DefinedSamples defined = new DefinedSamples(graph);
    List<List<Tensor>> samples = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      samples.add(defined.sample(seed));
    }
    return samples;
  }

  private void restrict(Node node) {
    if (node.op() instanceof Gather gather) {
      long extent = node.inputs().getFirst().type().shape().dim(gather.axis());
      source(node.inputs().get(1)).ifPresent(input -> ranges.put(input, new Range(0, extent - 1)));
    }
    if (node.op() instanceof Binary(Binary.Function function, var activation)
        && function == Binary.Function.POW) {
      for (Value operand : node.inputs()) {
        source(operand).ifPresent(input -> ranges.put(input, POWER));
      }
    }
  }

  /** The input of plain integers that a value is, casts aside. */
  private Optional<Value> source(Value value) {
    if (graph.inputs().contains(value)) {
      return Optional.of(value).filter(input -> isPlain(input.type()));
    }
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Cast && node.outputs().contains(value))
        .flatMap(node -> source(node.inputs().getFirst()).stream())
        .findFirst();
  }

  private static boolean isPlain(TensorType type) {
    return !type.isFloat() && !type.isQuantized();
  }

  private List<Tensor> sample(int seed) {
    List<Tensor> random = Seeds.sample(seed, graph.inputs());
    List<Tensor> sample = new ArrayList<>();
    for (int i = 0; i < random.size(); i++) {
      Value input = graph.inputs().get(i);
      Range range = ranges.get(input);
      sample.add(
          range != null
              ? within(random.get(i), range)
              : isShape(input) ? shape(input.type()) : random.get(i));
    }
    return sample;
  }

  private static Tensor within(Tensor random, Range range) {
    long[] values = random.longs().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = range.of(values[i]);
    }
    return Tensor.ofLongs(random.type(), values);
  }

  /**
   * Whether an input is the output's shape, which some operators of TensorFlow Lite take although
   * the file says it: no node reads it.
   */
  private boolean isShape(Value input) {
    TensorType type = input.type();
    return isPlain(type)
        && type.shape().rank() == 1
        && graph.outputs().getFirst().type().shape().rank() == type.elements()
        && graph.nodes().stream().noneMatch(node -> node.inputs().contains(input));
  }

  private Tensor shape(TensorType type) {
    Shape shape = graph.outputs().getFirst().type().shape();
    long[] extents = new long[shape.rank()];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = shape.dim(i);
    }
    return Tensor.ofLongs(type, extents);
  }
}
