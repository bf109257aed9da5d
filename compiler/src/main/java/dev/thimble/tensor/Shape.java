package dev.thimble.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, outermost axis first. Every extent is at least 1 and the number of
 * elements fits an {@code int}; the shape without axes is a scalar.
 */
public final class Shape {
  /** The shape of a single value. */
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;

  private Shape(int[] dims) {
    this.dims = dims;
    long elements = 1;
    for (int dim : dims) {
      if (dim < 1) {
        throw new IllegalArgumentException(
            "every extent of a shape must be >= 1, was " + Arrays.toString(dims));
      }
      elements *= dim;
      if (elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has more than 2^31-1 elements");
      }
    }
  }

  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  public int rank() {
    return dims.length;
  }

  /** The extent of an axis; a negative axis counts from the innermost. */
  public int dim(int axis) {
    return dims[axis < 0 ? dims.length + axis : axis];
  }

  public int[] dims() {
    return dims.clone();
  }

  public int elements() {
    int elements = 1;
    for (int dim : dims) {
      elements *= dim;
    }
    return elements;
  }

  /** This shape with one axis replaced; a negative axis counts from the innermost. */
  public Shape with(int axis, int extent) {
    int[] changed = dims.clone();
    changed[axis < 0 ? dims.length + axis : axis] = extent;
    return new Shape(changed);
  }

  /**
   * This shape padded on the left with ones up to {@code rank} axes, as broadcasting reads it.
   * Throws {@link IllegalArgumentException} when the shape has more axes already.
   */
  public Shape expandedTo(int rank) {
    if (dims.length > rank) {
      throw new IllegalArgumentException(this + " has more than " + rank + " axes");
    }
    int[] expanded = new int[rank];
    Arrays.fill(expanded, 1);
    System.arraycopy(dims, 0, expanded, rank - dims.length, dims.length);
    return new Shape(expanded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** The extents in brackets, such as {@code [1,96,96,3]}. */
  @Override
  public String toString() {
    return Arrays.stream(dims)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
