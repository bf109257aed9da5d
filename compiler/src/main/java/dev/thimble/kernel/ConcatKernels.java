package dev.thimble.kernel;

import dev.thimble.op.Concat;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Portable kernels that join tensors: by rows where each output row takes one of each input. */
final class ConcatKernels {
  private static final int MAX_OPERANDS = 16;

  private ConcatKernels() {}

  static Kernel concat(Concat op, KernelRequest request) {
    boolean image = request.output().shape().rank() == 4;
    return image && op.axis() >= 2 && request.inputs().size() <= MAX_OPERANDS
        ? byRows(op, request)
        : whole(op, request);
  }

  /** Pixels of channels, or, where rows are joined, rows that count as one column each. */
  private static Kernel byRows(Concat op, KernelRequest request) {
    Shape shape = request.output().shape();
    boolean channels = op.axis() == 3;
    int bytes = request.output().dtype().bytes();
    int columns = channels ? shape.dim(2) : 1;
    int[] parts =
        request.inputs().stream().mapToInt(input -> Selection.rowBytes(input) / columns).toArray();
    List<Form.Operand> operands =
        IntStream.range(0, parts.length)
            .mapToObj(i ->
                new Form.Operand(
                    shape.dim(1),
                    parts[i] * columns,
                    channels ? new Form.Columns(parts[i], 1, 0) : Form.Columns.ALL))
            .toList();
    Form.Tile form =
        new Form.Tile(
            shape.dim(0),
            shape.dim(1),
            columns,
            shape.dim(2) * shape.dim(3) * bytes,
            Form.RowWindow.SAME,
            operands,
            OptionalInt.empty(),
            channels);
    ParameterList list =
        new ParameterList()
            .table("parts", Parameter.Role.TABLE, DType.INT32, parts)
            .int32("count", parts.length)
            .int32("column", IntStream.of(parts).sum());
    List<Integer> all = IntStream.range(0, parts.length).boxed().toList();
    return new Kernel(
        Selection.source("concat", "concat_rows"),
        "concat_rows",
        form,
        all,
        list.toList(),
        0,
        false);
  }

  private static Kernel whole(Concat op, KernelRequest request) {
    Shape output = request.output().shape();
    int[] strides = Moves.strides(output);
    Moves moves = PositionalKernels.empty(request);
    long to = 0;
    for (int i = 0; i < request.inputs().size(); i++) {
      TensorType input = request.inputs().get(i);
      moves.add(i, 0, to, input.shape().dims(), Moves.strides(input.shape()), strides);
      to += (long) input.shape().dim(op.axis()) * strides[op.axis()];
    }
    return PositionalKernels.moves(request, moves);
  }
}
