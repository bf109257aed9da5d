package dev.thimble.kernel;

import dev.thimble.op.Activation;
import dev.thimble.op.Padding2d;
import dev.thimble.op.Pool2d;
import dev.thimble.op.Size2d;
import dev.thimble.op.WindowPool2d;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.OptionalInt;

/** Portable kernels of poolings, among them the average of a whole map. */
final class PoolKernels {
  private static final int ACCUMULATOR_BYTES = 4;

  private PoolKernels() {}

  /**
   * Without padding at the top and left no window begins before its output pixel's own place, so
   * the output may overwrite the input.
   */
  static Kernel pool(Pool2d op, KernelRequest request) {
    if (isGlobalAverage(op, request)) {
      return globalAverage(op, request);
    }
    TensorType output = request.output();
    String name = op.kind() + "_" + Selection.suffix(request, output);
    ParameterList list =
        new ParameterList()
            .int32("input_width", request.input().shape().dim(2))
            .int32("channels", request.input().shape().dim(3))
            .uint16("kernel_height", op.kernel().height())
            .uint16("kernel_width", op.kernel().width())
            .uint16("stride_width", op.stride().width())
            .uint16("left", op.padding().left());
    bounds(op, output, list);
    Form.RowWindow window =
        new Form.RowWindow(op.kernel().height(), op.stride().height(), op.padding().top());
    return new Kernel(
        Selection.source(op.kind(), name),
        name,
        Selection.pixels(
            request, window, op.stride().width(), op.padding().left(), OptionalInt.empty(), false),
        List.of(0),
        list.toList(),
        0,
        op.padding().top() == 0 && op.padding().left() == 0);
  }

  private static void bounds(Pool2d op, TensorType output, ParameterList list) {
    bounds(op.activation(), output, list);
  }

  private static void bounds(Activation activation, TensorType output, ParameterList list) {
    if (output.isFloat()) {
      list.float32("min", activation.min()).float32("max", activation.max());
    } else {
      list.int16("min", activation.quantizedMin(output))
          .int16("max", activation.quantizedMax(output));
    }
  }

  /** The kernel of pooling with every attribute, which tells padding by its null pointers. */
  static Kernel windowed(WindowPool2d op, KernelRequest request) {
    TensorType output = request.output();
    String name = "window_pool2d_" + (output.isFloat() ? "f32" : "int");
    ParameterList list = new ParameterList();
    list.inside("places")
        .int32("input_width", request.input().shape().dim(2))
        .int32("channels", request.input().shape().dim(3))
        .uint16("kernel_height", op.kernel().height())
        .uint16("kernel_width", op.kernel().width())
        .uint16("stride_width", op.stride().width())
        .uint16("dilation_height", op.dilation().height())
        .uint16("dilation_width", op.dilation().width())
        .uint16("left", op.padding().left())
        .uint16("counted_top", op.counted().top())
        .uint16("counted_bottom", op.counted().bottom())
        .uint16("counted_left", op.counted().left())
        .uint16("counted_right", op.counted().right());
    bounds(op.activation(), output, list);
    if (output.isFloat()) {
      list.int32("power", op.p()).int32("function", code(op.function()));
    } else {
      list.flag("average", op.function() == WindowPool2d.Function.AVERAGE)
          .int32("element", Elements.code(output.dtype()));
    }
    int span = (op.kernel().height() - 1) * op.dilation().height() + 1;
    Form.RowWindow window = new Form.RowWindow(span, op.stride().height(), op.padding().top());
    return new Kernel(
        Selection.source("window_pool2d", name),
        name,
        Selection.pixels(
            request, window, op.stride().width(), op.padding().left(), OptionalInt.empty(), false),
        List.of(0),
        list.toList(),
        0,
        false);
  }

  private static int code(WindowPool2d.Function function) {
    return switch (function) {
      case MAX -> 0;
      case AVERAGE -> 1;
      case LP -> 2;
      case ROOT_MEAN_SQUARE -> 3;
    };
  }

  /** Whether a single window averages the whole map. */
  private static boolean isGlobalAverage(Pool2d op, KernelRequest request) {
    Shape input = request.input().shape();
    return op.pooling() == Pool2d.Kind2d.AVERAGE
        && op.padding().equals(Padding2d.NONE)
        && op.kernel().equals(new Size2d(input.dim(1), input.dim(2)));
  }

  /** The average of a whole map takes it row by row, so that a stream need not keep it. */
  private static Kernel globalAverage(Pool2d op, KernelRequest request) {
    TensorType input = request.input();
    Shape shape = input.shape();
    int channels = shape.dim(3);
    String name = "global_average_pool2d_" + Selection.suffix(request, request.output());
    ParameterList list =
        new ParameterList()
            .int32("width", shape.dim(2))
            .int32("channels", channels)
            .int32("count", shape.dim(1) * shape.dim(2));
    bounds(op, request.output(), list);
    return new Kernel(
        Selection.source(op.kind(), name),
        name,
        new Form.Reduce(
            shape.dim(0),
            shape.dim(1),
            Selection.rowBytes(input),
            channels * request.output().dtype().bytes()),
        List.of(0),
        list.toList(),
        channels * ACCUMULATOR_BYTES,
        false);
  }
}
