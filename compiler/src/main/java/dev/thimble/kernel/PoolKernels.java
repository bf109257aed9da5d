package dev.thimble.kernel;

import dev.thimble.op.Pool2d;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.OptionalInt;

/** Portable kernels of poolings, among them the average of a whole map. */
final class PoolKernels {
  private PoolKernels() {}

  /**
   * Without padding at the top and left no window begins before its output pixel's own place, so
   * the output may overwrite the input.
   */
  static Kernel pool(Pool2d op, KernelRequest request) {
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
    if (output.isFloat()) {
      list.float32("min", op.activation().min()).float32("max", op.activation().max());
    } else {
      list.int16("min", op.activation().quantizedMin(output))
          .int16("max", op.activation().quantizedMax(output));
    }
    Form.RowWindow window =
        new Form.RowWindow(op.kernel().height(), op.stride().height(), op.padding().top());
    return new Kernel(
        Selection.source(op.kind(), name),
        name,
        Selection.pixels(request, window, OptionalInt.empty(), false),
        List.of(0),
        list.toList(),
        0,
        op.padding().top() == 0 && op.padding().left() == 0);
  }
}
