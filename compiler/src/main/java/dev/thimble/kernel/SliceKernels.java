package dev.thimble.kernel;

import dev.thimble.op.Slice;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.OptionalInt;

/** Portable kernels of slices: by rows where the rows keep their order. */
final class SliceKernels {
  private SliceKernels() {}

  static Kernel slice(Slice op, KernelRequest request) {
    Shape input = request.input().shape();
    boolean rows =
        input.rank() == 4
            && op.extents().getFirst() == input.dim(0)
            && op.steps().getFirst() > 0
            && op.steps().get(1) > 0
            && op.extents().get(1) > 1;
    return rows ? byRows(op, request) : whole(op, request);
  }

  private static Kernel byRows(Slice op, KernelRequest request) {
    Shape input = request.input().shape();
    Shape output = request.output().shape();
    int bytes = request.output().dtype().bytes();
    int pixel = input.dim(3) * bytes;
    boolean run = op.steps().get(3) == 1 || output.dim(3) == 1;
    int step = op.steps().get(2);
    Form.Columns columns = step > 0 ? new Form.Columns(pixel, step, 0) : Form.Columns.ALL;
    Form.Tile form =
        new Form.Tile(
            output.dim(0),
            output.dim(1),
            output.dim(2),
            Selection.rowBytes(request.output()),
            new Form.RowWindow(1, op.steps().get(1), -op.begin().get(1)),
            List.of(new Form.Operand(input.dim(1), Selection.rowBytes(request.input()), columns)),
            OptionalInt.empty(),
            false);
    ParameterList list =
        new ParameterList()
            .int32("first", op.begin().get(2) * pixel + op.begin().get(3) * bytes)
            .int32("column_step", step * pixel)
            .int32("runs", run ? 1 : output.dim(3))
            .int32("run", run ? output.dim(3) * bytes : bytes)
            .int32("run_step", op.steps().get(3) * bytes);
    return new Kernel(
        Selection.source("slice", "slice_rows"),
        "slice_rows",
        form,
        List.of(0),
        list.toList(),
        0,
        false);
  }

  private static Kernel whole(Slice op, KernelRequest request) {
    int[] strides = Moves.strides(request.input().shape());
    Shape output = request.output().shape();
    long from = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      from += (long) op.begin().get(axis) * strides[axis];
      strides[axis] *= op.steps().get(axis);
    }
    Moves moves = PositionalKernels.empty(request);
    moves.add(0, from, 0, output.dims(), strides, Moves.strides(output));
    return PositionalKernels.moves(request, moves);
  }
}
