package dev.thimble.kernel;

import dev.thimble.op.AddQuantization;
import dev.thimble.op.Binary;
import dev.thimble.op.Broadcast;
import dev.thimble.op.MulQuantization;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Portable kernels of functions of two inputs, which are named after the function. All functions
 * are commutative in both element types, so the operands are exchanged where that makes the first
 * one a map of the output's shape, computed at run time.
 */
final class BinaryKernels {
  private static final int AXES = 4;

  private BinaryKernels() {}

  static Kernel binary(Binary op, KernelRequest request) {
    int first = first(request);
    return byRows(op, request, first).orElseGet(() -> whole(op, request, first));
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
    Shape output = request.output().shape();
    if (output.rank() > AXES && !sameShapes(request)) {
      return Optional.empty();
    }
    Shape out = rows(output);
    Shape a = rows(request.inputs().get(first).shape());
    Shape b = rows(request.inputs().get(second).shape());
    Optional<Tensor> constant = request.constants().get(second);
    boolean singleRow = b.dim(0) == 1 && b.dim(1) == 1;
    boolean fits = hasRows(a, out) && (constant.isPresent() ? singleRow : hasRows(b, out));
    if (request.constants().get(first).isPresent() || !fits) {
      return Optional.empty();
    }
    ParameterList list = new ParameterList();
    constant(list, "second", constant);
    list.int32("channels", out.dim(3))
        .int32("first_pixel", pixelStride(a, out))
        .int32("second_pixel", pixelStride(b, out));
    quantization(list, op, request, first);
    list.flag("first_channel", a.dim(3) == out.dim(3))
        .flag("second_channel", b.dim(3) == out.dim(3));
    String name = op.kind() + "_" + Selection.suffix(request, request.output());
    boolean samePixel = constant.isPresent() && pixelStride(b, out) == 0;
    boolean contiguous = a.equals(out) && (samePixel || b.equals(out));
    Form.Tile form =
        tile(request, out, constant.isPresent() ? List.of(a) : List.of(a, b), contiguous);
    List<Integer> operands = constant.isPresent() ? List.of(first) : List.of(first, second);
    return Optional.of(
        new Kernel(
            Selection.source(op.kind(), name),
            name,
            form,
            operands,
            list.toList(),
            0,
            a.equals(out)));
  }

  private static Form.Tile tile(
      KernelRequest request, Shape out, List<Shape> operands, boolean contiguous) {
    int bytes = request.output().dtype().bytes();
    return new Form.Tile(
        out.dim(0),
        out.dim(1),
        out.dim(2),
        out.dim(2) * out.dim(3) * bytes,
        Form.RowWindow.SAME,
        operands.stream()
            .map(shape -> new Form.Operand(shape.dim(1), shape.dim(2) * shape.dim(3) * bytes))
            .toList(),
        OptionalInt.empty(),
        contiguous);
  }

  private static boolean sameShapes(KernelRequest request) {
    return request.inputs().stream()
        .allMatch(type -> type.shape().equals(request.output().shape()));
  }

  /** Whether the batch entries are the output's, and the rows too, or a single one for all. */
  private static boolean hasRows(Shape operand, Shape output) {
    boolean sameRows = operand.dim(1) == output.dim(1);
    return operand.dim(0) == output.dim(0)
        && (sameRows || (operand.dim(1) == 1 && output.dim(0) == 1));
  }

  private static int pixelStride(Shape operand, Shape output) {
    return operand.dim(2) == output.dim(2) ? operand.dim(3) : 0;
  }

  /** The shape as [N,H,W,C]; one of another rank is a single row. */
  private static Shape rows(Shape shape) {
    if (shape.rank() <= AXES) {
      return shape.expandedTo(AXES);
    }
    int channels = shape.dim(-1);
    return Shape.of(1, 1, shape.elements() / channels, channels);
  }

  private static Kernel whole(Binary op, KernelRequest request, int first) {
    TensorType output = request.output();
    Shape shape = output.shape();
    if (shape.rank() > AXES) {
      throw new KernelException(
          op.kind()
              + " broadcasts to "
              + shape
              + "; portable kernels broadcast up to "
              + AXES
              + " axes");
    }
    ParameterList list = new ParameterList();
    List<Integer> operands = new ArrayList<>();
    for (int input : List.of(first, 1 - first)) {
      constant(list, input == first ? "first" : "second", request.constants().get(input));
      if (request.constants().get(input).isEmpty()) {
        operands.add(input);
      }
    }
    quantization(list, op, request, first);
    Shape expanded = shape.expandedTo(AXES);
    for (int axis = 0; axis < AXES; axis++) {
      list.int32("extent" + axis, expanded.dim(axis));
    }
    strides(list, "first_stride", request.inputs().get(first).shape(), expanded);
    strides(list, "second_stride", request.inputs().get(1 - first).shape(), expanded);
    String name = op.kind() + "_whole_" + Selection.suffix(request, output);
    return new Kernel(
        Selection.source(op.kind(), name),
        name,
        new Form.Whole(),
        operands,
        list.toList(),
        0,
        fills(request, first, shape));
  }

  private static void strides(ParameterList list, String field, Shape operand, Shape output) {
    int[] strides = Broadcast.strides(operand, output);
    for (int axis = 0; axis < AXES; axis++) {
      list.int32(field + axis, strides[axis]);
    }
  }

  private static void constant(ParameterList list, String field, Optional<Tensor> constant) {
    if (constant.isEmpty()) {
      list.absent(field);
    } else if (constant.get().type().isFloat()) {
      list.table(field, Parameter.Role.TABLE, constant.get().floats());
    } else {
      list.table(field, Parameter.Role.TABLE, constant.get().type().dtype(), constant.get().ints());
    }
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
