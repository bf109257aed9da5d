package dev.thimble.kernel;

import dev.thimble.op.ArgReduce;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;

/** Portable kernels that compute along one axis. */
final class AxisKernels {
  private static final int SIGNED = 16;

  private AxisKernels() {}

  static Kernel argReduce(ArgReduce op, KernelRequest request) {
    boolean floats = request.input().isFloat();
    String name = floats ? "arg_reduce_f32" : "arg_reduce_integer";
    ParameterList list = new ParameterList();
    axis(list, request.input().shape(), op.axis());
    if (!floats) {
      list.int32("type", integer(request.input().dtype()));
    }
    list.flag("smallest", op.function() == ArgReduce.Function.MIN)
        .flag("last", op.last())
        .flag("wide", request.output().dtype() == DType.INT64);
    return PositionalKernels.whole("arg_reduce", name, request, List.of(0), list);
  }

  /** The fields of a tensor seen as [outer][extent][inner]. */
  static void axis(ParameterList list, Shape shape, int axis) {
    list.int32("outer", Selection.product(shape, 0, axis))
        .int32("extent", shape.dim(axis))
        .int32("inner", Selection.product(shape, axis + 1, shape.rank()));
  }

  /** The number by which common/integers.h knows a type: its bytes, and whether it has a sign. */
  static int integer(DType type) {
    return type.min() < 0 ? type.bytes() + SIGNED : type.bytes();
  }
}
