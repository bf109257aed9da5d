package dev.thimble.importer.keras;

import dev.thimble.graph.Value;
import dev.thimble.op.Transpose;
import dev.thimble.tensor.Shape;
import java.util.List;

/** Changes the order in which a value holds a tensor's axes. */
final class Layouts {
  private Layouts() {}

  /** The tensor in a value with this order; without a move where only axes of extent 1 change. */
  static KerasTensor arranged(Layer at, KerasTensor tensor, List<Integer> order) {
    if (tensor.order().equals(order)) {
      return tensor;
    }
    Shape logical = tensor.shape();
    int[] dims = order.stream().mapToInt(logical::dim).toArray();
    if (longAxes(tensor.order(), logical).equals(longAxes(order, logical))) {
      return new KerasTensor(at.reshaped(tensor.value(), Shape.of(dims)), order);
    }
    List<Integer> permutation = order.stream().map(tensor::valueAxis).toList();
    return new KerasTensor(transposed(at, tensor.value(), permutation), order);
  }

  private static List<Integer> longAxes(List<Integer> order, Shape shape) {
    return order.stream().filter(axis -> shape.dim(axis) > 1).toList();
  }

  /** The value whose axis {@code i} is the given one's axis {@code permutation[i]}. */
  static Value transposed(Layer at, Value value, List<Integer> permutation) {
    return at.node(() -> new Transpose(permutation), value);
  }
}
