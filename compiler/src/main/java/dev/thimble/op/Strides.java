package dev.thimble.op;

import dev.thimble.tensor.Shape;

/** Walks over the elements of one tensor that also name elements of another. */
final class Strides {
  private Strides() {}

  /** The distance from one entry to the next along each axis of a row-major tensor. */
  static int[] rowMajor(Shape shape) {
    int[] strides = new int[shape.rank()];
    int stride = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  /**
   * For each element of {@code shape}, in row-major order, the sum of its index along every axis
   * times that axis's stride.
   */
  static int[] offsets(Shape shape, int[] strides) {
    int[] offsets = new int[shape.elements()];
    int filled = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int extent = shape.dim(axis);
      for (int entry = 1; entry < extent; entry++) {
        for (int i = 0; i < filled; i++) {
          offsets[entry * filled + i] = offsets[i] + entry * strides[axis];
        }
      }
      filled *= extent;
    }
    return offsets;
  }
}
