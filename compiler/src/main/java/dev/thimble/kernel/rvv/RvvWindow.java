package dev.thimble.kernel.rvv;

import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Size2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/** The fields of {@code thimble_window_rvv}: how output pixels' windows lie in a map. */
record RvvWindow(
    TensorType input,
    Shape output,
    Size2d kernel,
    Size2d stride,
    Size2d dilation,
    Padding2d padding) {
  private static final int COPIED_AT_A_TIME = 128;

  boolean isPointwise() {
    return kernel.equals(Size2d.ONE) && stride.equals(Size2d.ONE) && padding.equals(Padding2d.NONE);
  }

  /** Whether windows are of one row and never leave the map, and so are read where they lie. */
  boolean isDirect() {
    int end = columns(output.dim(2)) - padding.left();
    return kernel.height() == 1
        && padding.top() == 0
        && padding.bottom() == 0
        && padding.left() == 0
        && end <= input.shape().dim(2);
  }

  /** The input columns of so many adjoining windows. */
  private int columns(int windows) {
    return (windows - 1) * stride.width() + (kernel.width() - 1) * dilation.width() + 1;
  }

  /** How many output columns may be computed at a time: the fewer, the less memory it takes. */
  List<Integer> chunks() {
    int all = isPointwise() ? Selection.product(output, 0, 3) : output.dim(2);
    return isDirect() ? List.of(all) : chunks(all);
  }

  static List<Integer> chunks(int all) {
    return IntStream.of(1, 3, 12, 32, 96, all).filter(n -> n <= all).distinct().boxed().toList();
  }

  int scratchBytes(int chunk) {
    int bytes = kernel.height() * columns(chunk) * input.shape().dim(3);
    return isDirect() ? 0 : bytes;
  }

  void addTo(ParameterList list, int chunk) {
    Shape shape = input.shape();
    list.inside("window")
        // A pointwise kernel may run over all rows and batch entries as one long row.
        .int32("input_width", isPointwise() ? Selection.product(shape, 0, 3) : shape.dim(2))
        .int32("channels", shape.dim(3))
        .int32("chunk", chunk)
        .uint16("kernel_height", kernel.height())
        .uint16("kernel_width", kernel.width())
        .uint16("stride_width", stride.width())
        .uint16("dilation_height", dilation.height())
        .uint16("dilation_width", dilation.width())
        .uint16("left", padding.left())
        .int8("input_zero_point", input.zeroPoint())
        .flag("direct", isDirect());
  }

  /** The instructions that copy a chunk's windows. */
  long instructions(int chunk) {
    if (isDirect()) {
      return 60;
    }
    long steps = (long) columns(chunk) * input.shape().dim(3) / COPIED_AT_A_TIME + 1;
    return 90 + kernel.height() * (40 + 7 * steps);
  }
}
