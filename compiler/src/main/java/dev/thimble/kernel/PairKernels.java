package dev.thimble.kernel;

import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.function.Consumer;

/**
 * Portable kernels of functions of two inputs whose C walks over them by {@code common/pairs.h}.
 * Each file has two functions, one by rows and one of whole tensors. The operands are exchanged
 * where that makes the first one a map of the output's shape, computed at run time.
 */
final class PairKernels {
  private PairKernels() {}

  /**
   * The kernel of a file.
   *
   * @param file the file's name in its folder, without {@code _portable.c}, which is the function's
   *     too; the one of whole tensors has {@code _whole} after the {@code name}
   * @param constants adds what the function needs besides the operands
   */
  static Kernel pairs(
      KernelRequest request,
      String folder,
      String name,
      String suffix,
      Consumer<ParameterList> constants) {
    Shape output = request.output().shape();
    int first = fills(request, 0, output) || !fills(request, 1, output) ? 0 : 1;
    boolean byRows = request.constants().get(first).isEmpty() && BroadcastRows.fit(request);
    ParameterList list = new ParameterList();
    if (byRows) {
      rows(list.inside("rows"), request, first);
    } else {
      maps(list.inside("maps"), request, first);
    }
    constants.accept(list);
    List<Integer> operands = BroadcastRows.computed(request, List.of(first, 1 - first));
    int inputBytes = request.input().dtype().bytes();
    return new Kernel(
        Selection.source(folder, name + suffix),
        byRows ? name + suffix : name + "_whole" + suffix,
        byRows ? BroadcastRows.tile(request, operands) : new Form.Whole(),
        operands,
        list.toList(),
        0,
        fills(request, first, output) && request.output().dtype().bytes() <= inputBytes);
  }

  private static boolean fills(KernelRequest request, int input, Shape output) {
    return request.constants().get(input).isEmpty()
        && request.inputs().get(input).elements() == output.elements();
  }

  private static void rows(ParameterList list, KernelRequest request, int first) {
    Shape output = BroadcastRows.rows(request.output().shape());
    Shape a = BroadcastRows.rows(request.inputs().get(first).shape());
    Shape b = BroadcastRows.rows(request.inputs().get(1 - first).shape());
    BroadcastRows.constant(list, "second", request.constants().get(1 - first));
    list.int32("channels", output.dim(3))
        .int32("first_pixel", BroadcastRows.pixelStride(a, output))
        .int32("second_pixel", BroadcastRows.pixelStride(b, output))
        .flag("first_channel", a.dim(3) == output.dim(3))
        .flag("second_channel", b.dim(3) == output.dim(3))
        .flag("exchanged", first == 1);
  }

  private static void maps(ParameterList list, KernelRequest request, int first) {
    BroadcastRows.Loops loops = BroadcastRows.loops(request);
    BroadcastRows.constant(list, "first", request.constants().get(first));
    BroadcastRows.constant(list, "second", request.constants().get(1 - first));
    for (int axis = 0; axis < BroadcastRows.AXES; axis++) {
      list.int32("extent" + axis, loops.extents()[axis]);
    }
    strides(list, "first", loops.strides().get(first));
    strides(list, "second", loops.strides().get(1 - first));
    list.flag("exchanged", first == 1);
  }

  /** The distances of one operand along the four loops. */
  static void strides(ParameterList list, String operand, int[] strides) {
    for (int axis = 0; axis < BroadcastRows.AXES; axis++) {
      list.int32(operand + "_stride" + axis, strides[axis]);
    }
  }
}
