package dev.thimble.kernel;

import dev.thimble.op.Broadcast;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.MatMul;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Portable kernels of products of matrices, either of which may be computed at run time. */
final class MatMulKernels {
  private static final int STACK_AXES = 3;

  private MatMulKernels() {}

  static Kernel matMul(MatMul op, KernelRequest request) {
    boolean plain = isPlain(request);
    String name = "mat_mul_" + (plain ? "plain" : Selection.suffix(request, request.output()));
    ParameterList list = new ParameterList();
    List<Integer> operands = new ArrayList<>();
    operand(request, 0, "first", list, operands);
    operand(request, 1, "second", list, operands);
    boolean zeroPoints = request.inputs().size() == 4;
    if (zeroPoints) {
      operand(request, 2, "first_zero", list, operands);
      operand(request, 3, "second_zero", list, operands);
    } else if (plain) {
      list.absent("first_zero").absent("second_zero");
    }
    places(op, request, list.inside("places"));
    if (plain) {
      list.int32("first_flip", flip(request.input()))
          .int32("second_flip", flip(request.inputs().get(1)))
          .flag("zero_points", zeroPoints)
          .flag("zero_step", zeroPoints && request.inputs().get(3).elements() > 1);
    }
    if (!plain && !request.output().isFloat()) {
      quantization(request, list);
    }
    return new Kernel(
        Selection.source("mat_mul", name),
        name,
        new Form.Whole(),
        operands,
        list.toList(),
        0,
        false);
  }

  /** The kernel of plain products takes every table as bytes without a sign. */
  private static void operand(
      KernelRequest request, int input, String field, ParameterList list, List<Integer> operands) {
    Optional<Tensor> constant = request.constants().get(input);
    if (isPlain(request) && constant.isPresent()) {
      int[] bytes = Arrays.stream(constant.get().ints()).map(value -> value & 0xFF).toArray();
      list.table(field, Parameter.Role.FILTER, DType.UINT8, bytes);
    } else {
      Selection.packed(request, input, field, Parameter.Role.FILTER, list, operands);
    }
  }

  private static boolean isPlain(KernelRequest request) {
    return !request.output().isFloat() && !request.output().isQuantized();
  }

  /** What turns a byte read as uint8, and then lowered by as much, into the byte's own number. */
  private static int flip(TensorType type) {
    return type.dtype() == DType.INT8 ? -Byte.MIN_VALUE : 0;
  }

  private static void quantization(KernelRequest request, ParameterList list) {
    ConvolutionQuantization quantization =
        ConvolutionQuantization.ofMatMul(
            request.input(), request.inputs().get(1), request.output(), request.rounding());
    list.int32("multiplier", quantization.multipliers().getFirst().multiplier())
        .int8("shift", quantization.multipliers().getFirst().shift())
        .int8("first_zero_point", quantization.inputZeroPoint())
        .int8("second_zero_point", request.inputs().get(1).zeroPoint())
        .int8("output_zero_point", quantization.outputZeroPoint());
  }

  private static void places(MatMul op, KernelRequest request, ParameterList list) {
    Shape a = request.input().shape();
    Shape b = request.inputs().get(1).shape();
    Shape out = request.output().shape();
    Shape stack = leading(out);
    Stack places = Stack.of(stack, leading(a), leading(b));
    if (places.extents().size() > STACK_AXES) {
      throw new KernelException(
          "mat_mul of stacks of shape "
              + stack
              + "; portable kernels take stacks of at most "
              + STACK_AXES
              + " axes that broadcast differently");
    }
    field(list, "extent", places.extents(), 1, 1);
    field(list, "first_stride", places.first(), 0, a.dim(-1) * a.dim(-2));
    field(list, "second_stride", places.second(), 0, b.dim(-1) * b.dim(-2));
    list.int32("rows", out.dim(-2))
        .int32("columns", out.dim(-1))
        .int32("depth", a.dim(op.transposeFirst() ? -2 : -1))
        .int32("first_row", op.transposeFirst() ? 1 : a.dim(-1))
        .int32("first_step", op.transposeFirst() ? a.dim(-1) : 1)
        .int32("second_column", op.transposeSecond() ? b.dim(-1) : 1)
        .int32("second_step", op.transposeSecond() ? 1 : b.dim(-1));
  }

  private static Shape leading(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.dims(), shape.rank() - 2));
  }

  /** Three numbers, the given ones last. */
  private static void field(
      ParameterList list, String field, List<Integer> values, int filler, int factor) {
    int missing = STACK_AXES - values.size();
    for (int i = 0; i < STACK_AXES; i++) {
      list.int32(field + i, i < missing ? filler : values.get(i - missing) * factor);
    }
  }

  /** A stack's axes, where neighbours that both operands walk as one have become one. */
  private record Stack(List<Integer> extents, List<Integer> first, List<Integer> second) {
    static Stack of(Shape stack, Shape a, Shape b) {
      int[] firsts = Broadcast.strides(a, stack);
      int[] seconds = Broadcast.strides(b, stack);
      List<Integer> extents = new ArrayList<>();
      List<Integer> first = new ArrayList<>();
      List<Integer> second = new ArrayList<>();
      for (int axis = 0; axis < stack.rank(); axis++) {
        int extent = stack.dim(axis);
        if (extent == 1) {
          continue;
        }
        boolean joins =
            !extents.isEmpty()
                && first.getLast() == firsts[axis] * extent
                && second.getLast() == seconds[axis] * extent;
        if (joins) {
          extents.add(extents.removeLast() * extent);
          first.removeLast();
          second.removeLast();
        } else {
          extents.add(extent);
        }
        first.add(firsts[axis]);
        second.add(seconds[axis]);
      }
      return new Stack(extents, first, second);
    }
  }
}
