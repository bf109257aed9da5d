package dev.thimble.kernel;

import dev.thimble.op.Broadcast;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How kernels of operands that are broadcast against each other walk over them. */
final class BroadcastRows {
  static final int AXES = 4;

  private BroadcastRows() {}

  /** The shape as [N,H,W,C]; one of another rank is a single row. */
  static Shape rows(Shape shape) {
    if (shape.rank() <= AXES) {
      return shape.expandedTo(AXES);
    }
    int channels = shape.dim(-1);
    return Shape.of(1, 1, shape.elements() / channels, channels);
  }

  /** Whether the batch entries are the output's, and the rows too, or a single one for all. */
  static boolean hasRows(Shape operand, Shape output) {
    boolean sameRows = operand.dim(1) == output.dim(1);
    return operand.dim(0) == output.dim(0)
        && (sameRows || (operand.dim(1) == 1 && output.dim(0) == 1));
  }

  /** Whether a tile kernel can have these operands, all of them: constants have a single row. */
  static boolean fit(KernelRequest request) {
    Shape shape = request.output().shape();
    if (shape.rank() > AXES
        && request.inputs().stream().anyMatch(type -> !type.shape().equals(shape))) {
      return false;
    }
    Shape output = rows(shape);
    for (int i = 0; i < request.inputs().size(); i++) {
      Shape operand = rows(request.inputs().get(i).shape());
      boolean singleRow = operand.dim(0) == 1 && operand.dim(1) == 1;
      if (request.constants().get(i).isPresent() ? !singleRow : !hasRows(operand, output)) {
        return false;
      }
    }
    return true;
  }

  static int pixelStride(Shape operand, Shape output) {
    return operand.dim(2) == output.dim(2) ? operand.dim(3) : 0;
  }

  /**
   * The tile of an output whose operands, the inputs of these indices, are read at run time; all
   * rows may be taken for one where every input has the output's, or is one pixel for all.
   */
  static Form.Tile tile(KernelRequest request, List<Integer> operands) {
    Shape output = rows(request.output().shape());
    List<Form.Operand> rows = new ArrayList<>();
    for (int operand : operands) {
      TensorType type = request.inputs().get(operand);
      Shape shape = rows(type.shape());
      rows.add(new Form.Operand(shape.dim(1), shape.dim(2) * shape.dim(3) * type.dtype().bytes()));
    }
    boolean contiguous = true;
    for (int i = 0; i < request.inputs().size(); i++) {
      Shape shape = rows(request.inputs().get(i).shape());
      boolean pixel = request.constants().get(i).isPresent() && pixelStride(shape, output) == 0;
      contiguous &= pixel || shape.equals(output);
    }
    return new Form.Tile(
        output.dim(0),
        output.dim(1),
        output.dim(2),
        output.dim(2) * output.dim(3) * request.output().dtype().bytes(),
        Form.RowWindow.SAME,
        rows,
        OptionalInt.empty(),
        contiguous);
  }

  /** The inputs among these that are computed at run time. */
  static List<Integer> computed(KernelRequest request, List<Integer> inputs) {
    return inputs.stream().filter(i -> request.constants().get(i).isEmpty()).toList();
  }

  /** A pointer to the constant's elements, or null where there is none. */
  static void constant(ParameterList list, String field, Optional<Tensor> constant) {
    if (constant.isEmpty()) {
      list.absent(field);
    } else if (constant.get().type().isFloat()) {
      list.table(field, Parameter.Role.TABLE, constant.get().floats());
    } else {
      list.table(
          field, Parameter.Role.TABLE, constant.get().type().dtype(), constant.get().longs());
    }
  }

  /**
   * The loops over the output: four extents, the outermost first, and for each input the distances
   * between its entries along them. Axes along which every input moves on steadily are one loop.
   */
  record Loops(int[] extents, List<int[]> strides) {}

  /** The loops of a node; throws {@link KernelException} where four do not suffice. */
  static Loops loops(KernelRequest request) {
    Shape output = request.output().shape();
    List<int[]> all =
        request.inputs().stream().map(type -> Broadcast.strides(type.shape(), output)).toList();
    List<Integer> ends = new ArrayList<>();
    int[] extents = new int[output.rank()];
    for (int axis = 0; axis < output.rank(); axis++) {
      if (output.dim(axis) == 1) {
        continue;
      }
      int extent = output.dim(axis);
      int last = ends.size() - 1;
      int current = axis;
      if (last >= 0
          && all.stream().allMatch(s -> s[ends.get(last)] == s[current] * output.dim(current))) {
        extent *= extents[ends.get(last)];
        ends.remove(last);
      }
      ends.add(axis);
      extents[axis] = extent;
    }
    if (ends.size() > AXES) {
      throw new KernelException(
          request.op().kind()
              + " broadcasts to "
              + output
              + " along more than "
              + AXES
              + " axes; reshape its inputs so that fewer axes repeat");
    }
    return padded(ends, extents, all);
  }

  private static Loops padded(List<Integer> ends, int[] extents, List<int[]> all) {
    int first = AXES - ends.size();
    int[] padded = new int[] {1, 1, 1, 1};
    List<int[]> strides = new ArrayList<>();
    for (int[] each : all) {
      int[] four = new int[AXES];
      for (int i = 0; i < ends.size(); i++) {
        four[first + i] = each[ends.get(i)];
        padded[first + i] = extents[ends.get(i)];
      }
      strides.add(four);
    }
    return new Loops(padded, strides);
  }
}
