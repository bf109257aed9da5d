package dev.thimble.graph;

import dev.thimble.op.Op;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** An occurrence of an op in a graph. Its name is that of its first output. */
public record Node(Op op, List<Value> inputs, List<Value> outputs) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException(op.kind() + " needs at least one output");
    }
  }

  public Node(Op op, List<Value> inputs, Value output) {
    this(op, inputs, List.of(output));
  }

  public String name() {
    return output().name();
  }

  /** The first input. */
  public Value input() {
    return inputs.getFirst();
  }

  /** The first output. */
  public Value output() {
    return outputs.getFirst();
  }

  public List<TensorType> inputTypes() {
    return inputs.stream().map(Value::type).toList();
  }

  public List<TensorType> outputTypes() {
    return outputs.stream().map(Value::type).toList();
  }

  /** The multiply-accumulates of one evaluation. */
  public long macs() {
    return op.macs(inputTypes(), outputTypes());
  }

  /** Where the node stands, as error messages name it: {@code node 'conv_3' (conv2d)}. */
  public String place() {
    return "node '" + name() + "' (" + op.kind() + ")";
  }
}
