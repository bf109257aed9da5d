package dev.thimble.importer.layout;

import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * In which order a value holds the axes of the tensor in the file: the value's axis {@code i} is
 * the source's axis {@code axes[i]}. An NCHW tensor that is held as NHWC has the order {@code
 * [0,2,3,1]}.
 */
public record Order(List<Integer> axes) {
  public Order {
    axes = List.copyOf(axes);
    if (!axes.stream().sorted().toList().equals(range(axes.size()))) {
      throw new IllegalArgumentException(axes + " is no permutation of " + range(axes.size()));
    }
  }

  /** The order of the file itself. */
  public static Order source(int rank) {
    return new Order(range(rank));
  }

  /** Axis 1, the channels, comes last; the same as the source's for fewer than three axes. */
  public static Order channelsLast(int rank) {
    if (rank < 3) {
      return source(rank);
    }
    List<Integer> axes = range(rank);
    axes.remove(1);
    axes.add(1);
    return new Order(axes);
  }

  public int rank() {
    return axes.size();
  }

  public boolean isSource() {
    return axes.equals(range(axes.size()));
  }

  public boolean isChannelsLast() {
    return rank() > 2 && equals(channelsLast(rank()));
  }

  /** The value's axis that holds this axis of the source. */
  public int valueAxis(int sourceAxis) {
    return axes.indexOf(sourceAxis);
  }

  /** The value's shape for this shape of the source. */
  public Shape ofValue(Shape source) {
    return Shape.of(axes.stream().mapToInt(source::dim).toArray());
  }

  /** The source's shape for this shape of the value. */
  public Shape ofSource(Shape value) {
    return Shape.of(IntStream.range(0, rank()).map(axis -> value.dim(valueAxis(axis))).toArray());
  }

  /** The permutation that turns a value in this order into one in another: axis i was axis p[i]. */
  public List<Integer> to(Order other) {
    return other.axes.stream().map(this::valueAxis).toList();
  }

  /**
   * The order of the same, unmoved value once the source's axes are transposed: axis j of the new
   * source is axis {@code permutation[j]} of the old.
   */
  public Order transposed(List<Integer> permutation) {
    return new Order(axes.stream().map(permutation::indexOf).toList());
  }

  /** The order with so many axes in front of the source's and of the value's. */
  public Order widened(int leading) {
    List<Integer> widened = range(leading);
    axes.forEach(axis -> widened.add(axis + leading));
    return new Order(widened);
  }

  /** The order without these axes of the source. */
  public Order without(List<Integer> removed) {
    List<Integer> kept = range(rank());
    kept.removeAll(removed);
    return new Order(axes.stream().filter(kept::contains).map(kept::indexOf).toList());
  }

  /** The order of the axes longer than one, which alone decides how elements lie in memory. */
  List<Integer> moving(Shape source) {
    return axes.stream().filter(axis -> source.dim(axis) > 1).toList();
  }

  private static List<Integer> range(int end) {
    return new ArrayList<>(IntStream.range(0, end).boxed().toList());
  }
}
