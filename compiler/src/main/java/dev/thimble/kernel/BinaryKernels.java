package dev.thimble.kernel;

import dev.thimble.op.AddQuantization;
import dev.thimble.op.Binary;
import dev.thimble.op.MulQuantization;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Portable kernels of functions of two inputs, which are named after the function. Sums and
 * products are commutative in both element types, so their operands are exchanged where that makes
 * the first one a map of the output's shape, computed at run time; the others are {@link
 * PairKernels}.
 */
final class BinaryKernels {
  private BinaryKernels() {}

  static Kernel binary(Binary op, KernelRequest request) {
    TensorType output = request.output();
    if (!output.isFloat() && !output.isQuantized()) {
      return integers(op, request);
    }
    boolean own = op.function() == Binary.Function.ADD || op.function() == Binary.Function.MUL;
    if (own && output.dtype() != DType.INT16) {
      int first = first(request);
      return byRows(op, request, first).orElseGet(() -> whole(op, request, first));
    }
    return output.isFloat() ? floats(op, request) : QuantizedPairs.of(op, request);
  }

  private static Kernel floats(Binary op, KernelRequest request) {
    return PairKernels.pairs(
        request,
        "binary",
        op.kind(),
        "_f32",
        list ->
            list.inside("bounds")
                .float32("min", op.activation().min())
                .float32("max", op.activation().max()));
  }

  static Kernel integers(Binary op, KernelRequest request) {
    return PairKernels.pairs(
        request,
        "binary",
        "binary",
        "_int",
        list -> {
          ParameterList kind = list.inside("kind");
          kind.int8("function", code(op.function()));
          kind.int8("type", AxisKernels.integer(request.output().dtype()));
        });
  }

  /** How {@code binary_int_portable.c} numbers a function. */
  private static int code(Binary.Function function) {
    return switch (function) {
      case ADD -> 0;
      case SUB -> 1;
      case MUL -> 2;
      case MIN -> 3;
      case MAX -> 4;
      case SQUARED_DIFFERENCE -> 5;
      case POW -> 6;
      case AND -> 7;
      case OR -> 8;
      case XOR -> 9;
      case SHIFT_LEFT -> 10;
      case SHIFT_RIGHT -> 11;
      case DIV -> 12;
      case FLOOR_DIV -> 13;
      case FMOD -> 14;
      case MOD -> 15;
      case PRELU -> throw new KernelException("prelu of integers without quantisation");
    };
  }

  /** The index of the input that the kernel takes as its first. */
  private static int first(KernelRequest request) {
    Shape output = request.output().shape();
    return fills(request, 0, output) || !fills(request, 1, output) ? 0 : 1;
  }

  private static boolean fills(KernelRequest request, int input, Shape output) {
    return request.constants().get(input).isEmpty()
        && request.inputs().get(input).elements() == output.elements();
  }

  /** The tile kernel, where each operand has the output's rows, or a single one for all of them. */
  private static Optional<Kernel> byRows(Binary op, KernelRequest request, int first) {
    int second = 1 - first;
    if (request.constants().get(first).isPresent() || !BroadcastRows.fit(request)) {
      return Optional.empty();
    }
    Shape out = BroadcastRows.rows(request.output().shape());
    Shape a = BroadcastRows.rows(request.inputs().get(first).shape());
    Shape b = BroadcastRows.rows(request.inputs().get(second).shape());
    ParameterList list = new ParameterList();
    BroadcastRows.constant(list, "second", request.constants().get(second));
    list.int32("channels", out.dim(3))
        .int32("first_pixel", BroadcastRows.pixelStride(a, out))
        .int32("second_pixel", BroadcastRows.pixelStride(b, out));
    quantization(list, op, request, first);
    list.flag("first_channel", a.dim(3) == out.dim(3))
        .flag("second_channel", b.dim(3) == out.dim(3));
    String name = op.kind() + "_" + Selection.suffix(request, request.output());
    List<Integer> operands = BroadcastRows.computed(request, List.of(first, second));
    return Optional.of(
        new Kernel(
            Selection.source(op.kind(), name),
            name,
            BroadcastRows.tile(request, operands),
            operands,
            list.toList(),
            0,
            a.equals(out)));
  }

  private static Kernel whole(Binary op, KernelRequest request, int first) {
    ParameterList list = new ParameterList();
    List<Integer> operands = BroadcastRows.computed(request, List.of(first, 1 - first));
    for (int input : List.of(first, 1 - first)) {
      BroadcastRows.constant(
          list, input == first ? "first" : "second", request.constants().get(input));
    }
    quantization(list, op, request, first);
    BroadcastRows.Loops loops = BroadcastRows.loops(request);
    for (int axis = 0; axis < BroadcastRows.AXES; axis++) {
      list.int32("extent" + axis, loops.extents()[axis]);
    }
    PairKernels.strides(list, "first", loops.strides().get(first));
    PairKernels.strides(list, "second", loops.strides().get(1 - first));
    String name = op.kind() + "_whole_" + Selection.suffix(request, request.output());
    return new Kernel(
        Selection.source(op.kind(), name),
        name,
        new Form.Whole(),
        operands,
        list.toList(),
        0,
        fills(request, first, request.output().shape()));
  }

  private static void quantization(
      ParameterList list, Binary op, KernelRequest request, int first) {
    if (request.output().isFloat()) {
      list.float32("min", op.activation().min()).float32("max", op.activation().max());
      return;
    }
    TensorType a = request.inputs().get(first);
    TensorType b = request.inputs().get(1 - first);
    ParameterList inside = list.inside("quantization");
    switch (op.function()) {
      case ADD ->
          add(
              inside,
              AddQuantization.of(a, b, request.output(), op.activation(), request.rounding()));
      case MUL ->
          mul(
              inside,
              MulQuantization.of(a, b, request.output(), op.activation(), request.rounding()));
      default -> throw new KernelException(op.kind() + " has files of its own");
    }
  }

  private static void add(ParameterList list, AddQuantization q) {
    list.int32("first_multiplier", q.first().multiplier())
        .int32("second_multiplier", q.second().multiplier())
        .int32("output_multiplier", q.output().multiplier())
        .int16("min", q.min() - q.outputZeroPoint())
        .int16("max", q.max() - q.outputZeroPoint())
        .int8("first_zero_point", q.firstZeroPoint())
        .int8("second_zero_point", q.secondZeroPoint())
        .int8("output_zero_point", q.outputZeroPoint())
        .int8("first_shift", q.first().shift())
        .int8("second_shift", q.second().shift())
        .int8("output_shift", q.output().shift());
  }

  private static void mul(ParameterList list, MulQuantization q) {
    list.int32("multiplier", q.multiplier().multiplier())
        .int16("min", q.min() - q.outputZeroPoint())
        .int16("max", q.max() - q.outputZeroPoint())
        .int8("first_zero_point", q.firstZeroPoint())
        .int8("second_zero_point", q.secondZeroPoint())
        .int8("output_zero_point", q.outputZeroPoint())
        .int8("shift", q.multiplier().shift());
  }
}
