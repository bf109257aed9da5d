package dev.thimble.kernel;

import dev.thimble.op.Pad;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Portable kernels of padding. */
final class PadKernels {
  private static final int AXES = 4;

  private PadKernels() {}

  static Kernel pad(Pad op, KernelRequest request) {
    TensorType type = request.input();
    boolean plain = type.isFloat() || type.dtype() == DType.INT8;
    return op.mode() == Pad.Mode.CONSTANT && plain && axes(op, type.shape()).size() <= AXES
        ? constant(op, request)
        : moves(op, request);
  }

  /**
   * The input in the middle of the output, and then, axis by axis, the borders: copies of what the
   * output has so far.
   */
  private static Kernel moves(Pad op, KernelRequest request) {
    Shape input = request.input().shape();
    int[] strides = Moves.strides(request.output().shape());
    Moves moves = PositionalKernels.empty(request);
    long middle = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      middle += (long) op.before().get(axis) * strides[axis];
    }
    moves.add(0, 0, middle, input.dims(), Moves.strides(input), strides);
    if (op.mode() != Pad.Mode.CONSTANT) {
      int[] filled = input.dims();
      long start = middle;
      for (int axis = 0; axis < strides.length; axis++) {
        long first = start;
        start -= (long) op.before().get(axis) * strides[axis];
        border(moves, op, axis, first, filled, strides);
        filled[axis] = request.output().shape().dim(axis);
      }
      return PositionalKernels.moves(request, moves);
    }
    return PositionalKernels.filled(request, moves, op.value());
  }

  /**
   * The borders of one axis.
   *
   * @param first the place of entry 0 of the input along this axis
   * @param filled the extents of what the output has so far
   */
  private static void border(
      Moves moves, Pad op, int axis, long first, int[] filled, int[] strides) {
    int extent = filled[axis];
    long stride = strides[axis];
    long last = first + (extent - 1) * stride;
    int before = op.before().get(axis);
    int after = op.after().get(axis);
    int[] outward = strides.clone();
    outward[axis] = -strides[axis];
    int[] none = strides.clone();
    none[axis] = 0;
    int[] to = filled.clone();
    to[axis] = before;
    int[] behind = filled.clone();
    behind[axis] = after;
    int own = Moves.OUTPUT;
    long left = first - stride;
    long right = last + stride;
    switch (op.mode()) {
      case REFLECT -> {
        moves.add(own, first + stride, left, to, strides, outward);
        moves.add(own, last - stride, right, behind, outward, strides);
      }
      case SYMMETRIC -> {
        moves.add(own, first, left, to, strides, outward);
        moves.add(own, last, right, behind, outward, strides);
      }
      case EDGE -> {
        moves.add(own, first, left, to, none, outward);
        moves.add(own, last, right, behind, none, strides);
      }
      case WRAP -> {
        moves.add(own, last, left, to, outward, outward);
        moves.add(own, first, right, behind, strides, strides);
      }
      case CONSTANT -> throw new IllegalArgumentException("a constant border copies nothing");
    }
  }

  private static Kernel constant(Pad op, KernelRequest request) {
    String name = "pad_" + Selection.suffix(request, request.input());
    ParameterList list = new ParameterList();
    if (request.input().isFloat()) {
      list.float32("value", (float) op.value());
    } else {
      list.int8("value", (int) op.value());
    }
    List<Axis> axes = axes(op, request.input().shape());
    for (int axis = 0; axis < AXES; axis++) {
      list.int32("extent" + axis, axes.get(axis).extent());
    }
    for (int axis = 0; axis < AXES; axis++) {
      list.int32("before" + axis, axes.get(axis).before());
    }
    for (int axis = 0; axis < AXES; axis++) {
      list.int32("after" + axis, axes.get(axis).after());
    }
    return new Kernel(
        Selection.source("pad", name), name, new Form.Whole(), List.of(0), list.toList(), 0, false);
  }

  private record Axis(int extent, int before, int after) {
    boolean bare() {
      return before == 0 && after == 0;
    }
  }

  /** Four axes: neighbours without padding are merged, and axes of extent 1 put in front. */
  private static List<Axis> axes(Pad op, Shape input) {
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < input.rank(); i++) {
      Axis axis = new Axis(input.dim(i), op.before().get(i), op.after().get(i));
      if (axis.bare() && !axes.isEmpty() && axes.getLast().bare()) {
        axes.set(axes.size() - 1, new Axis(axes.getLast().extent() * axis.extent(), 0, 0));
      } else {
        axes.add(axis);
      }
    }
    axes.addAll(0, Collections.nCopies(Math.max(0, AXES - axes.size()), new Axis(1, 0, 0)));
    return axes;
  }
}
