package dev.thimble.importer.tflite;

import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import java.util.List;
import org.tensorflow.lite.schema.Padding;

/** The window attributes of convolutions and pools. */
final class Windows {
  /** No real network comes near; with it no arithmetic on windows can overflow. */
  private static final int MAX_STEP = 1 << 15;

  private static final int MAX_SPAN = 1 << 28;

  private Windows() {}

  /** A window's stride, dilation and explicit padding. */
  record Geometry(Size2d stride, Size2d dilation, Padding2d padding) {}

  /** A pair of extents from the file, each from 1 to 32768. */
  static Size2d size(Operands at, String what, int height, int width) {
    if (height < 1 || width < 1 || height > MAX_STEP || width > MAX_STEP) {
      throw at.malformed("has " + what + " " + height + "x" + width);
    }
    return new Size2d(height, width);
  }

  /** The geometry of a window over operand 0, an NHWC map, with a padding of TFLite's kinds. */
  static Geometry geometry(
      Operands at, Size2d kernel, Size2d stride, Size2d dilation, byte padding) {
    List<Integer> input = at.tensor(0).shape();
    if (input.size() != 4) {
      throw at.malformed("has an input of shape " + input + ", not 4 axes");
    }
    long rows = (long) kernel.height() * dilation.height();
    long columns = (long) kernel.width() * dilation.width();
    if (rows > MAX_SPAN || columns > MAX_SPAN) {
      throw at.malformed("has a window of " + rows + "x" + columns);
    }
    return switch (padding) {
      case Padding.SAME ->
          new Geometry(
              stride,
              dilation,
              Padding2d.same(input.get(1), input.get(2), kernel, stride, dilation));
      case Padding.VALID -> new Geometry(stride, dilation, Padding2d.NONE);
      default -> throw at.malformed("has padding of kind " + padding);
    };
  }
}
