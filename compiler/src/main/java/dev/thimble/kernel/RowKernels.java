package dev.thimble.kernel;

import dev.thimble.op.DifferenceAtLeast;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Softmax;
import dev.thimble.op.SoftmaxQuantization;
import dev.thimble.op.WideSoftmaxQuantization;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Portable kernels that work along the last axis, and the copy of a reshape. */
final class RowKernels {
  /** No difference of two int8 elements lies below. */
  private static final int LEAST_DIFFERENCE = -255;

  private RowKernels() {}

  /** A row's maximum and sum are taken before its first element is overwritten. */
  static Kernel softmax(Softmax op, KernelRequest request) {
    if (!op.isInnermost(request.output().shape())) {
      return NormKernels.softmax(op, request);
    }
    if (request.input().dtype() == DType.INT16) {
      return wideSoftmax(op, request);
    }
    boolean wide = request.output().dtype() == DType.INT16;
    String name = "softmax_" + Selection.suffix(request, request.input()) + (wide ? "_s16" : "");
    ParameterList list = rows(request);
    if (request.input().isFloat()) {
      list.float32("beta", op.beta());
    } else {
      SoftmaxQuantization quantization =
          SoftmaxQuantization.of(request.input(), op.beta(), request.rounding());
      list.int32("multiplier", quantization.input().multiplier())
          .int16("diff_min", Math.max(quantization.diffMin(), LEAST_DIFFERENCE))
          .int8("shift", quantization.input().shift());
    }
    return whole("softmax", name, list, !wide);
  }

  private static Kernel wideSoftmax(Softmax op, KernelRequest request) {
    Multiplier input =
        WideSoftmaxQuantization.of(request.input(), op.beta(), request.rounding()).input();
    Parameter.Role role = Parameter.Role.TABLE;
    ParameterList list =
        new ParameterList()
            .table("exponentials", role, DType.INT16, WideSoftmaxQuantization.exponentials())
            .table("reciprocals", role, DType.INT16, WideSoftmaxQuantization.reciprocals());
    Shape shape = request.input().shape();
    list.int32("rows", shape.elements() / shape.dim(-1))
        .int32("depth", shape.dim(-1))
        .int32("multiplier", input.multiplier())
        .int8("shift", input.shift());
    return whole("softmax", "softmax_s16", list, true);
  }

  static Kernel argMax(KernelRequest request) {
    String name = "arg_max_" + Selection.suffix(request, request.input());
    return whole("arg_max", name, rows(request), false);
  }

  static Kernel differenceAtLeast(DifferenceAtLeast op, KernelRequest request) {
    String name = "difference_at_least_" + Selection.suffix(request, request.input());
    ParameterList list = new ParameterList().int32("pairs", request.input().elements() / 2);
    if (request.input().isFloat()) {
      list.float32("first", Thresholds.ofFloats(op.first()))
          .float32("second", Thresholds.ofFloats(op.second()));
    } else {
      list.int16("first", Thresholds.ofInts(op.first()))
          .int16("second", Thresholds.ofInts(op.second()));
    }
    return whole("difference_at_least", name, list, true);
  }

  static Kernel copy(KernelRequest request) {
    int bytes = Math.toIntExact(request.input().bytes());
    return new Kernel(
        Selection.source("copy", "copy_any"),
        "copy",
        new Form.Whole(),
        List.of(0),
        new ParameterList().int32("bytes", bytes).toList(),
        0,
        true);
  }

  /**
   * A copy row by row, where both shapes have as many steps of their outermost axis: [1,W,C] and
   * [1,1,W,C].
   */
  static Optional<Kernel> copyRows(KernelRequest request) {
    int rows = outermost(request.input().shape());
    if (rows == 1 || rows != outermost(request.output().shape())) {
      return Optional.empty();
    }
    int bytes = Math.toIntExact(request.input().bytes() / rows);
    Form.Operand operand = new Form.Operand(rows, bytes, new Form.Columns(1, 1, 0));
    return Optional.of(
        new Kernel(
            Selection.source("copy", "copy_rows_any"),
            "copy_rows",
            new Form.Tile(
                1,
                rows,
                bytes,
                bytes,
                Form.RowWindow.SAME,
                List.of(operand),
                OptionalInt.empty(),
                true),
            List.of(0),
            new ParameterList().int32("bytes", bytes).toList(),
            0,
            false));
  }

  /** The extent of the outermost axis that has one above 1; 1 if that is the batch's. */
  private static int outermost(Shape shape) {
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.dim(axis) > 1) {
        return axis == 0 ? 1 : shape.dim(axis);
      }
    }
    return 1;
  }

  private static ParameterList rows(KernelRequest request) {
    Shape shape = request.input().shape();
    int depth = shape.dim(-1);
    return new ParameterList().int32("rows", shape.elements() / depth).int32("depth", depth);
  }

  private static Kernel whole(String folder, String name, ParameterList list, boolean inPlace) {
    return new Kernel(
        Selection.source(folder, name),
        name,
        new Form.Whole(),
        List.of(0),
        list.toList(),
        0,
        inPlace);
  }
}
