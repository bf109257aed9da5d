package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A tensor of the network as Keras sees it, and the graph's value that holds it. The two may differ
 * in the order of their axes: layers with channels first compute in values with channels last.
 *
 * @param order for each axis of the value, the axis of the tensor that it is
 */
record KerasTensor(Value value, List<Integer> order) {
  KerasTensor {
    order = List.copyOf(order);
  }

  /** A tensor whose axes lie as the value's. */
  static KerasTensor of(Value value) {
    return new KerasTensor(value, identity(value.type().shape().rank()));
  }

  static List<Integer> identity(int rank) {
    return IntStream.range(0, rank).boxed().toList();
  }

  /** The order of a value with channels last for a tensor of this rank with channels first. */
  static List<Integer> channelsLast(int rank) {
    return IntStream.range(0, rank)
        .map(axis -> axis == 0 ? 0 : axis == rank - 1 ? 1 : axis + 1)
        .boxed()
        .toList();
  }

  boolean isPlain() {
    return order.equals(identity(order.size()));
  }

  int rank() {
    return order.size();
  }

  /** The tensor's own shape, the batch first. */
  Shape shape() {
    int[] dims = new int[rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[order.get(axis)] = value.type().shape().dim(axis);
    }
    return Shape.of(dims);
  }

  /** Where an axis of the tensor lies in the value. */
  int valueAxis(int axis) {
    return order.indexOf(axis);
  }

  /** The same axes over another value. */
  KerasTensor with(Value changed) {
    return new KerasTensor(changed, order);
  }
}
