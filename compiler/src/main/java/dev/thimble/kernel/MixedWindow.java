package dev.thimble.kernel;

import dev.thimble.op.MixedConv2d;
import dev.thimble.tensor.Shape;
import java.util.OptionalInt;

/** What kernels of {@link MixedConv2d} nodes have in common. */
public final class MixedWindow {
  private MixedWindow() {}

  /**
   * The form of a kernel that computes a row from the rows that a window spans.
   *
   * @param before the columns before a pixel's first that may be read when its outputs are written
   * @param contiguous whether all rows may be treated as a single long one
   */
  public static Form.Tile form(
      MixedConv2d op, KernelRequest request, int before, boolean contiguous) {
    int span = (request.inputs().get(1).shape().dim(1) - 1) * op.dilation().height() + 1;
    boolean padded = op.padding().top() > 0 || op.padding().bottom() > 0;
    Form.RowWindow window = new Form.RowWindow(span, op.stride().height(), op.padding().top());
    // A driver could mistake a map of one row for one that serves every output row.
    OptionalInt outside =
        span == 1 && padded
            ? OptionalInt.of(request.input().isFloat() ? 0 : request.input().zeroPoint())
            : OptionalInt.empty();
    return Selection.pixels(request, window, op.stride().width(), before, outside, contiguous);
  }

  /**
   * The fields of {@code mixed_window}.
   *
   * @param inputWidth the columns of a row
   */
  public static void parameters(
      MixedConv2d op, KernelRequest request, int inputWidth, ParameterList list) {
    Shape filter = request.inputs().get(1).shape();
    list.int32("input_width", inputWidth)
        .int32("channels", request.input().shape().dim(3))
        .int32("depth", filter.dim(3))
        .int32("filters", filter.dim(0))
        .int32("group_filters", filter.dim(0) / op.groups())
        .uint16("kernel_height", filter.dim(1))
        .uint16("kernel_width", filter.dim(2))
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left());
  }
}
