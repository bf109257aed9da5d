package dev.thimble.op;

/** Rows and columns of padding around a map; none is negative. */
public record Padding2d(int top, int bottom, int left, int right) {
  /** No padding. */
  public static final Padding2d NONE = new Padding2d(0, 0, 0, 0);

  public Padding2d {
    if (top < 0 || bottom < 0 || left < 0 || right < 0) {
      throw new IllegalArgumentException(
          "padding must be >= 0, was top "
              + top
              + ", bottom "
              + bottom
              + ", left "
              + left
              + ", right "
              + right);
    }
  }

  /**
   * The padding that TensorFlow calls SAME: the output has ceil(input / stride) rows and columns,
   * and an odd row or column of padding goes to the bottom or the right.
   */
  public static Padding2d same(
      int height, int width, Size2d kernel, Size2d stride, Size2d dilation) {
    int rows = samePadding(height, kernel.height(), stride.height(), dilation.height());
    int columns = samePadding(width, kernel.width(), stride.width(), dilation.width());
    return new Padding2d(rows / 2, rows - rows / 2, columns / 2, columns - columns / 2);
  }

  private static int samePadding(int extent, int kernel, int stride, int dilation) {
    int outputs = (extent + stride - 1) / stride;
    return Math.max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - extent);
  }
}
