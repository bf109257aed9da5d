package dev.thimble.importer.layout;

import dev.thimble.graph.Value;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** A tensor of the file: the value that holds it, and in which order that holds its axes. */
public record LaidOut(Value value, Order order) {
  public LaidOut {
    if (value.type().shape().rank() != order.rank()) {
      throw new IllegalArgumentException(order + " does not fit " + value);
    }
  }

  /** The shape as the file has it. */
  public Shape shape() {
    return order.ofSource(value.type().shape());
  }

  public int rank() {
    return order.rank();
  }

  public TensorType type() {
    return value.type();
  }

  public DType dtype() {
    return value.type().dtype();
  }

  /** The value's axis that holds this axis of the source. */
  public int axis(int sourceAxis) {
    return order.valueAxis(sourceAxis);
  }

  /** The value's axes that hold these axes of the source, in increasing order. */
  public List<Integer> axes(List<Integer> sourceAxes) {
    return sourceAxes.stream().map(order::valueAxis).sorted().distinct().toList();
  }

  /** The same value for a source whose axes are transposed: axis j was axis permutation[j]. */
  public LaidOut transposed(List<Integer> permutation) {
    return new LaidOut(value, order.transposed(permutation));
  }
}
