package dev.thimble.importer;

import dev.thimble.graph.Value;
import dev.thimble.importer.layout.Permutation;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An input or output of a model as reports name it.
 *
 * @param value the graph's own value: its name, element type, shape and quantisation
 * @param layout the meaning of the value's axes: {@code NHWC}, {@code NLC} or {@code NC} for 4, 3
 *     or 2 axes, nothing for any other number
 * @param sourceShape the shape in the model file, of as many elements; the axes' order may differ
 *     from the value's for formats that put channels first
 * @param order for each of the value's axes, which axis of the source's shape it is
 */
public record IoInfo(Value value, Optional<String> layout, Shape sourceShape, List<Integer> order) {
  public IoInfo {
    order = List.copyOf(order);
  }

  /** An input or output whose axes lie in the file as they lie in the graph. */
  public static IoInfo sameLayout(Value value) {
    Shape shape = value.type().shape();
    return new IoInfo(value, layout(shape.rank()), shape, identity(shape.rank()));
  }

  /**
   * An input or output whose axis {@code i} is the file's axis {@code order[i]}. An order that is
   * not the file's says where the channels are; one that is leaves them unknown.
   */
  public static IoInfo ordered(Value value, List<Integer> order) {
    Shape shape = value.type().shape();
    boolean same = order.equals(identity(order.size()));
    int[] dims = new int[order.size()];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[order.get(axis)] = shape.dim(axis);
    }
    Optional<String> layout = same && dims.length > 2 ? Optional.empty() : layout(dims.length);
    return new IoInfo(value, layout, Shape.of(dims), order);
  }

  /** Whether the value's axes lie as the file's do. */
  public boolean isSameLayout() {
    return order.equals(identity(order.size()));
  }

  /** The type of the tensor in the file. */
  public TensorType sourceType() {
    return Permutation.type(value.type(), inverse());
  }

  /** The graph's tensor for one whose axes lie as the file has them. */
  public Tensor ofSource(Tensor source) {
    return Permutation.apply(source, order);
  }

  /** A tensor of the graph with its axes as the file has them. */
  public Tensor toSource(Tensor tensor) {
    return Permutation.apply(tensor, inverse());
  }

  private List<Integer> inverse() {
    return IntStream.range(0, order.size()).map(order::indexOf).boxed().toList();
  }

  private static List<Integer> identity(int rank) {
    return IntStream.range(0, rank).boxed().toList();
  }

  private static Optional<String> layout(int rank) {
    return switch (rank) {
      case 2 -> Optional.of("NC");
      case 3 -> Optional.of("NLC");
      case 4 -> Optional.of("NHWC");
      default -> Optional.empty();
    };
  }
}
