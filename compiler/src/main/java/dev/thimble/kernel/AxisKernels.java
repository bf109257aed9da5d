package dev.thimble.kernel;

import dev.thimble.op.ArgReduce;
import dev.thimble.op.CumulativeSum;
import dev.thimble.op.CumulativeSumQuantization;
import dev.thimble.op.ReverseSequence;
import dev.thimble.op.TopK;
import dev.thimble.op.Triangle;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
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

  static Kernel topK(TopK op, KernelRequest request) {
    boolean floats = request.input().isFloat();
    String name = floats ? "top_k_f32" : "top_k_integer";
    ParameterList list = new ParameterList();
    axis(list, request.input().shape(), op.axis());
    if (!floats) {
      list.int32("type", integer(request.input().dtype()));
    }
    list.int32("count", op.count())
        .flag("smallest", !op.largest())
        .flag("values", op.result() == TopK.Result.VALUES)
        .flag("wide", request.output().dtype() == DType.INT64);
    return PositionalKernels.whole("top_k", name, request, List.of(0), list);
  }

  static Kernel cumulativeSum(CumulativeSum op, KernelRequest request) {
    TensorType input = request.input();
    ParameterList list = new ParameterList();
    axis(list, input.shape(), op.axis());
    list.flag("exclusive", op.exclusive()).flag("reverse", op.reverse());
    String suffix = input.isFloat() ? "f32" : input.isQuantized() ? "s8" : "integer";
    if (input.isQuantized()) {
      CumulativeSumQuantization quantization =
          CumulativeSumQuantization.of(
              input, request.output(), input.shape().dim(op.axis()), request.rounding());
      list.int32("input_multiplier", quantization.input().multiplier())
          .int32("output_multiplier", quantization.output().multiplier())
          .int8("input_shift", quantization.input().shift())
          .int8("output_shift", quantization.output().shift())
          .int8("input_zero_point", quantization.inputZeroPoint())
          .int8("output_zero_point", quantization.outputZeroPoint());
    } else if (!input.isFloat()) {
      list.int32("type", integer(input.dtype()));
    }
    return PositionalKernels.whole(
        "cumulative_sum", "cumulative_sum_" + suffix, request, List.of(0), list);
  }

  static Kernel reverseSequence(ReverseSequence op, KernelRequest request) {
    Shape shape = request.input().shape();
    int after = Math.max(op.axis(), op.batchAxis()) + 1;
    int run = Selection.product(shape, after, shape.rank());
    ParameterList list =
        new ParameterList()
            .int32("runs", shape.elements() / run)
            .int32("run", run * request.input().dtype().bytes())
            .int32("extent", shape.dim(op.axis()))
            .int32("inner", Selection.product(shape, op.axis() + 1, after))
            .int32("batches", shape.dim(op.batchAxis()))
            .int32("batch_inner", Selection.product(shape, op.batchAxis() + 1, after))
            .int32("index_bytes", request.inputs().get(1).dtype().bytes());
    return PositionalKernels.whole(
        "reverse_sequence", "reverse_sequence", request, List.of(0, 1), list);
  }

  static Kernel triangle(Triangle op, KernelRequest request) {
    Shape shape = request.input().shape();
    ParameterList list =
        new ParameterList()
            .int32("lines", shape.elements() / shape.dim(-1))
            .int32("rows", shape.dim(-2))
            .int32("columns", shape.dim(-1))
            .int32("diagonal", op.diagonal())
            .flag("upper", op.upper())
            .int32("width", request.output().dtype().bytes());
    PositionalKernels.fill(list, request, Triangle.zero(request.output()));
    return PositionalKernels.whole("triangle", "triangle_rows", request, List.of(0), list);
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
