package dev.thimble.kernel;

import dev.thimble.op.Pad;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Portable kernels of padding. */
final class PadKernels {
  private static final int AXES = 4;

  private PadKernels() {}

  static Kernel pad(Pad op, KernelRequest request) {
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
    if (axes.size() > AXES) {
      throw new KernelException(
          "pad of " + input + "; portable kernels pad up to " + AXES + " groups of axes");
    }
    axes.addAll(0, Collections.nCopies(AXES - axes.size(), new Axis(1, 0, 0)));
    return axes;
  }
}
