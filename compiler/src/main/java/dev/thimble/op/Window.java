package dev.thimble.op;

import dev.thimble.tensor.Shape;
import java.util.Arrays;

/** The arithmetic of a kernel that slides over a padded map. */
final class Window {
  private Window() {}

  /**
   * Where a kernel lies along one axis of the map: tap {@code t} reads index {@code origin + t *
   * dilation}, and only the taps in [from, to) lie inside the map.
   */
  record Span(int origin, int from, int to, int dilation) {
    /** The index that a tap reads. */
    int at(int tap) {
      return origin + tap * dilation;
    }

    /** The taps inside the map. */
    int taps() {
      return to - from;
    }
  }

  /** The spans of all output indices along one axis. */
  static Span[] spans(
      int extent, int outputs, int kernel, int stride, int dilation, int paddingBefore) {
    Span[] spans = new Span[outputs];
    for (int output = 0; output < outputs; output++) {
      int origin = output * stride - paddingBefore;
      int from = Math.min(kernel, Math.ceilDiv(Math.max(0, -origin), dilation));
      int to = Math.min(kernel, Math.ceilDiv(Math.max(0, extent - origin), dilation));
      spans[output] = new Span(origin, from, Math.max(from, to), dilation);
    }
    return spans;
  }

  /**
   * For each output row, or column, the taps in the map and in the padding that an average counts.
   */
  static int[] counts(WindowPool2d op, Slide slide, boolean rows) {
    Padding2d counted = op.counted();
    int before = rows ? counted.top() : counted.left();
    Span[] spans =
        spans(
            slide.input().dim(rows ? 1 : 2) + before + (rows ? counted.bottom() : counted.right()),
            slide.output().dim(rows ? 1 : 2),
            rows ? op.kernel().height() : op.kernel().width(),
            rows ? op.stride().height() : op.stride().width(),
            rows ? op.dilation().height() : op.dilation().width(),
            (rows ? op.padding().top() : op.padding().left()) - before);
    return Arrays.stream(spans).mapToInt(Span::taps).toArray();
  }

  /** The rows or columns that a dilated kernel spans. */
  static int span(int kernel, int dilation) {
    return (kernel - 1) * dilation + 1;
  }

  /**
   * The output's shape for an NHWC input. Throws {@link IllegalArgumentException} when the kernel
   * does not fit into the padded map.
   */
  static Shape output(
      Shape input, Size2d kernel, Size2d stride, Size2d dilation, Padding2d padding, int channels) {
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
