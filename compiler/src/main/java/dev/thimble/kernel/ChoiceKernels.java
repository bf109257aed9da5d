package dev.thimble.kernel;

import dev.thimble.op.Compare;
import dev.thimble.op.CompareQuantization;
import dev.thimble.tensor.Shape;
import java.util.List;

/** Portable kernels of comparisons, and of the choice that a condition makes. */
final class ChoiceKernels {
  private static final int LESS = 1;
  private static final int EQUAL = 2;
  private static final int GREATER = 4;
  private static final int UNORDERED = 8;

  private ChoiceKernels() {}

  static Kernel compare(Compare op, KernelRequest request) {
    if (request.input().isQuantized()) {
      return quantized(op, request);
    }
    boolean floats = request.input().isFloat();
    return PairKernels.pairs(
        request,
        "compare",
        "compare",
        floats ? "_f32" : "_int",
        list -> {
          ParameterList relation = list.inside("relation");
          int accepted = accepted(op.function());
          relation.int32("accepted", floats ? accepted : accepted & ~UNORDERED);
          if (!floats) {
            relation.int8("type", AxisKernels.integer(request.input().dtype()));
          }
        });
  }

  private static Kernel quantized(Compare op, KernelRequest request) {
    CompareQuantization q =
        CompareQuantization.of(
            request.inputs().get(0), request.inputs().get(1), request.rounding());
    return PairKernels.pairs(
        request,
        "compare",
        "compare",
        "_s8",
        list ->
            list.inside("relation")
                .int32("first_multiplier", q.first().multiplier())
                .int32("second_multiplier", q.second().multiplier())
                .int8("first_zero_point", q.firstZeroPoint())
                .int8("second_zero_point", q.secondZeroPoint())
                .int8("first_shift", q.first().shift())
                .int8("second_shift", q.second().shift())
                .int32("accepted", accepted(op.function()) & ~UNORDERED));
  }

  /** The relations that a comparison accepts, as the kernels number them. */
  private static int accepted(Compare.Function function) {
    return switch (function) {
      case EQUAL -> EQUAL;
      case NOT_EQUAL -> LESS | GREATER | UNORDERED;
      case LESS -> LESS;
      case LESS_EQUAL -> LESS | EQUAL;
      case GREATER -> GREATER;
      case GREATER_EQUAL -> GREATER | EQUAL;
    };
  }

  static Kernel where(KernelRequest request) {
    // The values come first, so that the output may take the place of one.
    List<Integer> operands = BroadcastRows.computed(request, List.of(1, 2, 0));
    boolean byRows = !operands.isEmpty() && BroadcastRows.fit(request);
    ParameterList list = new ParameterList();
    BroadcastRows.constant(list, "first", request.constants().get(1));
    BroadcastRows.constant(list, "second", request.constants().get(2));
    BroadcastRows.constant(list, "condition", request.constants().get(0));
    if (byRows) {
      rows(list, request);
    } else {
      maps(list, request);
    }
    int bytes = request.output().dtype().bytes();
    list.int32("bytes", bytes);
    Shape output = request.output().shape();
    boolean inPlace =
        !operands.isEmpty()
            && operands.getFirst() != 0
            && request.inputs().get(operands.getFirst()).elements() == output.elements();
    return new Kernel(
        Selection.source("where", "where_any"),
        byRows ? "where" : "where_whole",
        byRows ? BroadcastRows.tile(request, operands) : new Form.Whole(),
        operands,
        list.toList(),
        0,
        inPlace);
  }

  private static void rows(ParameterList list, KernelRequest request) {
    Shape output = BroadcastRows.rows(request.output().shape());
    Shape condition = BroadcastRows.rows(request.inputs().get(0).shape());
    Shape first = BroadcastRows.rows(request.inputs().get(1).shape());
    Shape second = BroadcastRows.rows(request.inputs().get(2).shape());
    list.int32("channels", output.dim(3))
        .int32("first_pixel", BroadcastRows.pixelStride(first, output))
        .int32("second_pixel", BroadcastRows.pixelStride(second, output))
        .int32("condition_pixel", BroadcastRows.pixelStride(condition, output))
        .flag("first_channel", first.dim(3) == output.dim(3))
        .flag("second_channel", second.dim(3) == output.dim(3))
        .flag("condition_channel", condition.dim(3) == output.dim(3));
  }

  private static void maps(ParameterList list, KernelRequest request) {
    BroadcastRows.Loops loops = BroadcastRows.loops(request);
    for (int axis = 0; axis < BroadcastRows.AXES; axis++) {
      list.int32("extent" + axis, loops.extents()[axis]);
    }
    PairKernels.strides(list, "first", loops.strides().get(1));
    PairKernels.strides(list, "second", loops.strides().get(2));
    PairKernels.strides(list, "condition", loops.strides().get(0));
  }
}
