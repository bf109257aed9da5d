package dev.thimble.op;

import dev.thimble.tensor.Shape;

/** The arithmetic of a kernel that slides over a padded map. */
final class Window {
  private Window() {}

  /** The rows or columns that a dilated kernel spans. */
  static int span(int kernel, int dilation) {
    return (kernel - 1) * dilation + 1;
  }

  /**
   * The output's shape for an NHWC input. Throws {@link IllegalArgumentException} when the kernel
   * does not fit into the padded map.
   */
  static Shape output(
      Shape input,
      Size2d kernel,
      Size2d stride,
      Size2d dilation,
      Padding2d padding,
      int channels) {
    int height = input.dim(1) + padding.top() + padding.bottom();
    int width = input.dim(2) + padding.left() + padding.right();
    int spanY = span(kernel.height(), dilation.height());
    int spanX = span(kernel.width(), dilation.width());
    Checks.require(
        spanY <= height && spanX <= width,
        "kernel spans " + spanY + "x" + spanX + ", the padded input is " + height + "x" + width);
    return Shape.of(
        input.dim(0),
        (height - spanY) / stride.height() + 1,
        (width - spanX) / stride.width() + 1,
        channels);
  }
}
