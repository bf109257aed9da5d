package dev.thimble.op;

import dev.thimble.tensor.Shape;

/** A tensor seen as [outer][extent][inner], one axis in the middle. */
record Axes(int outer, int extent, int inner) {
  static Axes of(Shape shape, int axis) {
    return new Axes(
        product(shape, 0, axis), shape.dim(axis), product(shape, axis + 1, shape.rank()));
  }

  /** The product of some of a shape's extents. */
  static int product(Shape shape, int from, int to) {
    int product = 1;
    for (int axis = from; axis < to; axis++) {
      product *= shape.dim(axis);
    }
    return product;
  }

  /** Requires an axis that a shape has. */
  static void require(int axis, Shape shape) {
    Checks.require(
        axis >= 0 && axis < shape.rank(), "axis " + axis + " does not fit the input " + shape);
  }
}
