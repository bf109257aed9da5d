package dev.thimble.kernel;

import dev.thimble.op.MeanQuantization;
import dev.thimble.op.Reduce;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Portable kernels of reductions but means and sums of float32 and of quantised int8. */
final class ReduceKernels {
  private static final int MAX_AXES = 8;

  private ReduceKernels() {}

  static Kernel reduce(Reduce op, KernelRequest request) {
    TensorType input = request.input();
    ParameterList list = new ParameterList();
    axes(list, op, input.shape());
    boolean adds = op.function() == Reduce.Function.MEAN || op.function() == Reduce.Function.SUM;
    if (adds && input.isQuantized()) {
      return quantized(op, request, list);
    }
    String name;
    if (input.isFloat()) {
      name =
          switch (op.function()) {
            case LOG_SUM, L2 -> "reduce_root_f32";
            case LOG_SUM_EXP -> "reduce_log_sum_exp_f32";
            case MEAN, SUM, MAX, MIN, PROD, L1, SUM_SQUARE, ANY, ALL -> "reduce_f32";
          };
    } else {
      name = "reduce_integer";
      list.int32("type", AxisKernels.integer(input.dtype()));
    }
    if (op.function() != Reduce.Function.LOG_SUM_EXP) {
      list.int32("function", function(op.function()));
    }
    return PositionalKernels.whole("reduce", name, request, List.of(0), list);
  }

  private static Kernel quantized(Reduce op, KernelRequest request, ParameterList list) {
    MeanQuantization quantization =
        MeanQuantization.of(op, request.input(), request.output(), request.rounding());
    list.int32("offset", -quantization.count() * quantization.inputZeroPoint())
        .int32("multiplier", quantization.multiplier().multiplier())
        .int32("shift", quantization.multiplier().shift())
        .int32("output_zero_point", quantization.outputZeroPoint())
        .int32("type", AxisKernels.integer(request.input().dtype()))
        .int32("lowest", request.input().dtype().minValue());
    return PositionalKernels.whole("reduce", "reduce_quantized", request, List.of(0), list);
  }

  /** The numbers by which common/reduce.h knows the functions. */
  private static int function(Reduce.Function function) {
    return switch (function) {
      case SUM, LOG_SUM -> 0;
      case MAX, ANY -> 1;
      case MIN, ALL -> 2;
      case PROD -> 3;
      case L1 -> 4;
      case SUM_SQUARE, L2 -> 5;
      case MEAN -> 6;
      case LOG_SUM_EXP -> throw new IllegalArgumentException("has a kernel of its own");
    };
  }

  /** The axes kept and those reduced, each as extents and strides; neighbours are merged. */
  private static void axes(ParameterList list, Reduce op, Shape input) {
    int[] strides = Moves.strides(input);
    List<Integer> kept = new ArrayList<>();
    List<Integer> reduced = new ArrayList<>();
    boolean before = false;
    for (int axis = 0; axis < input.rank(); axis++) {
      if (input.dim(axis) == 1) {
        continue;
      }
      boolean reduces = op.axes().contains(axis);
      List<Integer> into = reduces ? reduced : kept;
      if (!into.isEmpty() && before == reduces) {
        int extent = into.get(into.size() - 2) * input.dim(axis);
        into.set(into.size() - 2, extent);
        into.set(into.size() - 1, strides[axis]);
      } else {
        into.addAll(List.of(input.dim(axis), strides[axis]));
      }
      before = reduces;
    }
    for (List<Integer> each : List.of(kept, reduced)) {
      if (each.isEmpty()) {
        each.addAll(List.of(1, 0));
      }
      if (each.size() > 2 * MAX_AXES) {
        throw new KernelException(
            op.kind() + " of " + input + "; portable kernels reduce up to " + MAX_AXES + " axes");
      }
    }
    list.table("kept", Parameter.Role.TABLE, DType.INT32, ints(kept))
        .table("reduced", Parameter.Role.TABLE, DType.INT32, ints(reduced))
        .int32("kept_axes", kept.size() / 2)
        .int32("reduced_axes", reduced.size() / 2);
  }

  private static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
