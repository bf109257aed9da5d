package dev.thimble.importer.keras;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Op;
import dev.thimble.op.Reshape;
import dev.thimble.op.Transpose;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The graph as it grows: nodes in order, constants, and names that are unique. */
final class GraphBuilder {
  /** Nested models can repeat each other without end; no network comes near. */
  private static final int MAX_NODES = 50_000;

  private final ModelFile file;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final Map<Value, Value> reshaped = new HashMap<>();
  private final Map<String, Value> shared = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> lastSuffix = new HashMap<>();

  GraphBuilder(ModelFile file) {
    this.file = file;
  }

  /**
   * The nodes, without those that only gave a value another shape or order for a layer that then
   * could do without.
   */
  List<Node> nodes(List<Value> outputs) {
    Set<Value> read = new HashSet<>(outputs);
    Deque<Node> kept = new ArrayDeque<>();
    for (Node node : nodes.reversed()) {
      boolean moves = node.op() instanceof Reshape || node.op() instanceof Transpose;
      if (!moves || read.contains(node.output())) {
        kept.addFirst(node);
        read.addAll(node.inputs());
      }
    }
    return List.copyOf(kept);
  }

  /**
   * The value of which this one is the same numbers in another shape; itself where there is none.
   */
  Value beforeReshape(Value value) {
    return reshaped.getOrDefault(value, value);
  }

  /** The value under another shape; nothing is done where it has or had it. */
  Value reshaped(String place, String name, Value value, Shape shape) {
    if (value.type().shape().equals(shape)) {
      return value;
    }
    Value before = beforeReshape(value);
    if (before.type().shape().equals(shape)) {
      return before;
    }
    Value made = node(place, name, () -> new Reshape(shape), List.of(before));
    reshaped.put(made, before);
    return made;
  }

  Map<Value, Tensor> constants() {
    return constants;
  }

  /** A value that is not computed: an input of the graph. */
  Value input(String name, TensorType type) {
    return new Value(unique(name), type);
  }

  /** A constant; equal keys are one constant, made once. */
  Value constant(String key, Supplier<Tensor> data) {
    Value known = shared.get(key);
    if (known != null) {
      return known;
    }
    Tensor made = data.get();
    Value value = new Value(unique(key), made.type());
    constants.put(value, made);
    shared.put(key, value);
    return value;
  }

  /**
   * A node whose output has its first input's element type. An op that its attributes or shapes
   * make impossible is an error of the file at {@code place}; types that the op does not take make
   * the layer unsupported.
   */
  Value node(String place, String name, Supplier<Op> attributes, List<Value> inputs) {
    return node(place, name, attributes, inputs.getFirst().type().dtype(), inputs);
  }

  /** A node whose output has this element type. */
  Value node(String place, String name, Supplier<Op> attributes, DType dtype, List<Value> inputs) {
    return nodes(place, name, attributes, dtype, inputs).getFirst();
  }

  /** A node with any number of outputs. */
  List<Value> nodes(
      String place, String name, Supplier<Op> attributes, DType dtype, List<Value> inputs) {
    if (nodes.size() >= MAX_NODES) {
      throw file.malformed(place, "makes the network larger than " + MAX_NODES + " nodes");
    }
    List<TensorType> types = inputs.stream().map(Value::type).toList();
    Op op;
    List<Shape> shapes;
    try {
      op = attributes.get();
      shapes = op.outputShapes(types);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw file.malformed(place, String.valueOf(e.getMessage()));
    }
    List<TensorType> results = shapes.stream().map(shape -> TensorType.of(dtype, shape)).toList();
    try {
      op.check(types, results);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedLayer(String.valueOf(e.getMessage()), "float32");
    }
    List<Value> outputs =
        results.stream().map(type -> new Value(unique(name + "/" + op.kind()), type)).toList();
    nodes.add(new Node(op, inputs, outputs));
    return outputs;
  }

  /** Gives a node's output that no later node reads another name; values of others keep theirs. */
  Value named(Value value, String name) {
    int last = nodes.size() - 1;
    if (last < 0 || !nodes.get(last).outputs().equals(List.of(value))) {
      return value;
    }
    Value renamed = new Value(unique(name), value.type());
    Value before = reshaped.remove(value);
    if (before != null) {
      reshaped.put(renamed, before);
    }
    nodes.set(last, new Node(nodes.get(last).op(), nodes.get(last).inputs(), renamed));
    return renamed;
  }

  /** This name, or with the first suffix that makes it unique; it is taken from now on. */
  private String unique(String name) {
    String candidate = name.isEmpty() ? "value" : name;
    String stem = candidate;
    while (!taken.add(candidate)) {
      candidate = stem + "_" + lastSuffix.merge(stem, 1, Integer::sum);
    }
    return candidate;
  }
}
