package dev.thimble.op;

import dev.thimble.tensor.Shape;

/** Broadcasting of two shapes against each other, as numpy defines it. */
public final class Broadcast {
  private Broadcast() {}

  /** The common shape; throws {@link IllegalArgumentException} when there is none. */
  public static Shape shape(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    Shape left = a.expandedTo(rank);
    Shape right = b.expandedTo(rank);
    int[] dims = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int l = left.dim(axis);
      int r = right.dim(axis);
      Checks.require(l == r || l == 1 || r == 1, "shapes " + a + " and " + b + " do not broadcast");
      dims[axis] = Math.max(l, r);
    }
    return Shape.of(dims);
  }

  /**
   * The distance, in elements of {@code input}, from one entry to the next along each axis of
   * {@code output}; 0 along the axes that broadcasting repeats.
   */
  public static int[] strides(Shape input, Shape output) {
    Shape expanded = input.expandedTo(output.rank());
    int[] strides = new int[output.rank()];
    int stride = 1;
    for (int axis = output.rank() - 1; axis >= 0; axis--) {
      strides[axis] = expanded.dim(axis) == 1 ? 0 : stride;
      stride *= expanded.dim(axis);
    }
    return strides;
  }
}
