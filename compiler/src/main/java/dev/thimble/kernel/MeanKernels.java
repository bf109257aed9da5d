package dev.thimble.kernel;

import dev.thimble.op.MeanQuantization;
import dev.thimble.op.Reduce;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Portable kernels of means and sums, and the choice among the kernels of all reductions. */
final class MeanKernels {
  private static final int ACCUMULATOR_BYTES = 4;

  private MeanKernels() {}

  static Kernel reduce(Reduce op, KernelRequest request) {
    TensorType input = request.input();
    boolean adds = op.function() == Reduce.Function.MEAN || op.function() == Reduce.Function.SUM;
    boolean real = input.isFloat() || (input.isQuantized() && input.dtype() == DType.INT8);
    if (!adds || !real) {
      return ReduceKernels.reduce(op, request);
    }
    return rowsFirst(op, input.shape()) ? rowByRow(op, request) : whole(op, request);
  }

  /** Whether the axes reduced are some that follow the batch, with no other axis between them. */
  private static boolean rowsFirst(Reduce op, Shape input) {
    int count = op.axes().size();
    return input.rank() >= 3 && op.axes().equals(IntStream.rangeClosed(1, count).boxed().toList());
  }

  private static Kernel rowByRow(Reduce op, KernelRequest request) {
    Shape input = request.input().shape();
    int bytes = request.input().dtype().bytes();
    int end = op.axes().size() + 1;
    int width = Selection.product(input, 2, end);
    int channels = Selection.product(input, end, input.rank());
    String name = "mean_" + Selection.suffix(request, request.input());
    ParameterList list = new ParameterList().int32("row_width", width).int32("channels", channels);
    division(list, op, request);
    return new Kernel(
        Selection.source("mean", name),
        name,
        new Form.Reduce(input.dim(0), input.dim(1), width * channels * bytes, channels * bytes),
        List.of(0),
        list.toList(),
        channels * ACCUMULATOR_BYTES,
        false);
  }

  private static Kernel whole(Reduce op, KernelRequest request) {
    String name = "mean_whole_" + Selection.suffix(request, request.input());
    List<Integer> extents = alternating(op, request.input().shape());
    if (extents.size() > 5) {
      return ReduceKernels.reduce(op, request);
    }
    ParameterList list =
        new ParameterList()
            .int32("kept0", extents.get(0))
            .int32("reduced0", extents.get(1))
            .int32("kept1", extents.get(2))
            .int32("reduced1", extents.get(3))
            .int32("kept2", extents.get(4));
    division(list, op, request);
    return new Kernel(
        Selection.source("mean", name),
        name,
        new Form.Whole(),
        List.of(0),
        list.toList(),
        0,
        false);
  }

  /** The extents of neighbouring axes that are all kept, all reduced, all kept and so on. */
  private static List<Integer> alternating(Reduce op, Shape input) {
    List<Integer> extents = new ArrayList<>(List.of(1));
    for (int axis = 0; axis < input.rank(); axis++) {
      boolean reducing = extents.size() % 2 == 0;
      if (op.axes().contains(axis) != reducing && input.dim(axis) > 1) {
        extents.add(1);
      }
      extents.set(extents.size() - 1, extents.getLast() * input.dim(axis));
    }
    while (extents.size() < 5) {
      extents.add(1);
    }
    return extents;
  }

  private static void division(ParameterList list, Reduce op, KernelRequest request) {
    if (request.input().isFloat()) {
      list.float32("count", op.function() == Reduce.Function.SUM ? 1 : op.count(request.input()));
      return;
    }
    MeanQuantization quantization =
        MeanQuantization.of(op, request.input(), request.output(), request.rounding());
    list.int32("offset", -quantization.count() * quantization.inputZeroPoint())
        .int32("multiplier", quantization.multiplier().multiplier())
        .int8("shift", quantization.multiplier().shift())
        .int8("output_zero_point", quantization.outputZeroPoint());
  }
}
