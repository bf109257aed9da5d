package dev.thimble.exporter;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.MixedConv2d;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes networks as TensorFlow Lite files. Tensors keep their types, scales and names; layouts are
 * those of the graph, NHWC. Source: TensorFlow Lite schema, version 3.
 */
public final class TfliteExporter {
  private final Graph graph;
  private final String called;
  private final TfliteFile file = new TfliteFile();
  private final Map<Value, Integer> tensors = new HashMap<>();

  /** Constants, and what is computed of nothing else. */
  private final Map<Value, Tensor> constants;

  /** The tensors of filters that are written with 4 bits. */
  private final Map<Value, Integer> narrow = new HashMap<>();

  private final Map<String, Integer> implied = new HashMap<>();

  private final boolean fourBits;

  private TfliteExporter(Graph graph, String called, boolean fourBits) {
    this.graph = graph;
    this.called = called;
    this.fourBits = fourBits;
    this.constants = new HashMap<>(graph.constants());
  }

  /**
   * The file.
   *
   * @throws IllegalArgumentException where the format has no words for a node, with a line for each
   *     such node
   */
  public static byte[] write(Graph graph) {
    return write(graph, "'" + graph.name() + "'", false);
  }

  /**
   * The file; messages name the network as {@code called}.
   *
   * @param fourBits whether filters whose elements all lie in -8 to 7 are written as INT4 where an
   *     operator takes that, rather than as INT8
   * @throws IllegalArgumentException as {@link #write(Graph)} does
   */
  public static byte[] write(Graph graph, String called, boolean fourBits) {
    return new TfliteExporter(graph, called, fourBits).write();
  }

  private byte[] write() {
    if (!graph.states().isEmpty()) {
      throw new IllegalArgumentException(
          called + " keeps states from run to run, which export does not write");
    }
    int[] inputs = graph.inputs().stream().mapToInt(this::computed).toArray();
    List<String> refused = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (constants.keySet().containsAll(node.inputs())) {
        fold(node);
        continue;
      }
      try {
        OperatorExport.write(node, this);
      } catch (UnsupportedExport e) {
        refused.add(node.place() + ": " + e.getMessage());
      }
    }
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException(
          called
              + " cannot be written as .tflite; no operator stands for\n  "
              + String.join("\n  ", refused)
              + remedy());
    }
    int[] outputs = graph.outputs().stream().mapToInt(this::tensor).toArray();
    return file.bytes(graph.name(), inputs, outputs);
  }

  /** What to do where only filters are quantised, which an option asks for. */
  private String remedy() {
    boolean filters =
        graph.nodes().stream()
            .anyMatch(node ->
                node.op() instanceof MixedConv2d mixed
                    && mixed.scaling() == MixedConv2d.Scaling.WEIGHTS);
    return filters
        ? "\n"
            + "filters of few bits beside floats are not written: leave --precision away for a"
            + " file of floats, or give --calibrate DATA for one of int8"
        : "";
  }

  private void fold(Node node) {
    List<Tensor> operands = new ArrayList<>();
    node.inputs().forEach(input -> operands.add(Objects.requireNonNull(constants.get(input))));
    List<Tensor> results = node.op().evaluate(operands, node.outputTypes(), Rounding.DOUBLE);
    for (int i = 0; i < results.size(); i++) {
      constants.put(node.outputs().get(i), results.get(i));
    }
  }

  TfliteFile file() {
    return file;
  }

  /** The data of a constant; throws where the value is computed. */
  Tensor constant(Value value, String what) {
    Tensor data = constants.get(value);
    if (data == null) {
      throw new UnsupportedExport("a computed " + what);
    }
    return data;
  }

  /** The data of a value that is known. */
  Optional<Tensor> known(Value value) {
    return Optional.ofNullable(constants.get(value));
  }

  boolean fourBits() {
    return fourBits;
  }

  /** The tensor of a filter whose elements have 4 bits. */
  int nibbles(Value value) {
    return narrow.computeIfAbsent(
        value, filter -> file.nibbles(filter.name(), constant(filter, "filter")));
  }

  /** The tensor of a value, which is made when it is first asked for. */
  int tensor(Value value) {
    Integer known = tensors.get(value);
    if (known != null) {
      return known;
    }
    Tensor data = constants.get(value);
    if (data == null) {
      return computed(value);
    }
    int index = file.constant(value.name(), data);
    tensors.put(value, index);
    return index;
  }

  private int computed(Value value) {
    int index = file.tensor(value.name(), value.type());
    tensors.put(value, index);
    return index;
  }

  /** A tensor between the operators that one node becomes. */
  int between(String name, TensorType type) {
    return file.tensor(name, type);
  }

  /** A constant of int32 that an operator takes as an operand: axes, shapes, paddings. */
  int integers(String name, Shape shape, List<Integer> numbers) {
    return implied.computeIfAbsent(
        shape + ":" + numbers,
        key ->
            file.constant(
                name,
                Tensor.ofInts(
                    TensorType.of(DType.INT32, shape),
                    numbers.stream().mapToInt(Integer::intValue).toArray())));
  }

  int integers(String name, List<Integer> numbers) {
    return integers(name, Shape.of(numbers.size()), numbers);
  }
}
