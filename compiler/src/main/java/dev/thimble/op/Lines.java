package dev.thimble.op;

import dev.thimble.tensor.Shape;

/**
 * A tensor as lines along one axis, or along neighbouring ones: [outer][depth][inner], where line
 * {@code (o, i)} has its element {@code d} at {@code (o * depth + d) * inner + i}.
 */
public record Lines(int outer, int depth, int inner) {
  /**
   * The lines along an axis, a negative one counted from the innermost. Throws {@link
   * IllegalArgumentException} where the shape has no such axis.
   */
  public static Lines along(Shape shape, int axis) {
    int counted = axis(shape, axis);
    return of(shape, counted, counted + 1);
  }

  /** The lines that run through this axis and all behind it. */
  public static Lines from(Shape shape, int axis) {
    return of(shape, axis(shape, axis), shape.rank());
  }

  /** The index of an axis, a negative one counted from the innermost. */
  static int axis(Shape shape, int axis) {
    int counted = axis < 0 ? axis + shape.rank() : axis;
    Checks.require(
        counted >= 0 && counted < shape.rank(),
        "axis " + axis + " does not fit the input " + shape);
    return counted;
  }

  private static Lines of(Shape shape, int begin, int end) {
    int[] products = {1, 1, 1};
    for (int axis = 0; axis < shape.rank(); axis++) {
      products[axis < begin ? 0 : axis < end ? 1 : 2] *= shape.dim(axis);
    }
    return new Lines(products[0], products[1], products[2]);
  }

  /** What is done for one line. */
  @FunctionalInterface
  interface Line {
    /** Element {@code d} of the line lies at {@code start + d * inner}. */
    void compute(int start);
  }

  /** Visits the lines in the order of their first elements. */
  void forEach(Line line) {
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        line.compute(o * depth * inner + i);
      }
    }
  }
}
