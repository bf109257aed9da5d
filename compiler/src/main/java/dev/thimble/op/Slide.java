package dev.thimble.op;

import dev.thimble.tensor.Shape;

/**
 * All positions of a kernel on an NHWC map, with the padding resolved to the taps that lie inside
 * the map, so that evaluation tests no bounds in its inner loops.
 */
record Slide(Shape input, Shape output, Window.Span[] rows, Window.Span[] columns) {
  static Slide of(
      Shape input, Shape output, Size2d kernel, Size2d stride, Size2d dilation, Padding2d padding) {
    return new Slide(
        input,
        output,
        Window.spans(
            input.dim(1),
            output.dim(1),
            kernel.height(),
            stride.height(),
            dilation.height(),
            padding.top()),
        Window.spans(
            input.dim(2),
            output.dim(2),
            kernel.width(),
            stride.width(),
            dilation.width(),
            padding.left()));
  }

  /** What is done for one output pixel. */
  @FunctionalInterface
  interface Pixel {
    /**
     * @param batch the index along the outermost axis
     * @param at the offset of the output pixel's first channel
     */
    void compute(int batch, Window.Span row, Window.Span column, int at);
  }

  /** Visits the output pixels in memory order. */
  void forEach(Pixel pixel) {
    int at = 0;
    for (int batch = 0; batch < output.dim(0); batch++) {
      for (Window.Span row : rows) {
        for (Window.Span column : columns) {
          pixel.compute(batch, row, column, at);
          at += output.dim(3);
        }
      }
    }
  }

  /** The offset of an input pixel's first channel. */
  int inputAt(int batch, int y, int x) {
    return ((batch * input.dim(1) + y) * input.dim(2) + x) * input.dim(3);
  }
}
