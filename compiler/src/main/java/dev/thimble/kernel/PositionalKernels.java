package dev.thimble.kernel;

import dev.thimble.op.ArgReduce;
import dev.thimble.op.BatchToSpace;
import dev.thimble.op.Broadcast;
import dev.thimble.op.Concat;
import dev.thimble.op.CumulativeSum;
import dev.thimble.op.DepthToSpace;
import dev.thimble.op.Expand;
import dev.thimble.op.Gather;
import dev.thimble.op.GatherElements;
import dev.thimble.op.GatherNd;
import dev.thimble.op.OneHot;
import dev.thimble.op.PositionalOp;
import dev.thimble.op.Resize;
import dev.thimble.op.Reverse;
import dev.thimble.op.ReverseSequence;
import dev.thimble.op.ScatterElements;
import dev.thimble.op.ScatterNd;
import dev.thimble.op.Slice;
import dev.thimble.op.SpaceToBatch;
import dev.thimble.op.SpaceToDepth;
import dev.thimble.op.Tile;
import dev.thimble.op.TopK;
import dev.thimble.op.Transpose;
import dev.thimble.op.Triangle;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Portable kernels of the ops that move elements, most of them copies of boxes. */
final class PositionalKernels {
  private PositionalKernels() {}

  static Kernel of(PositionalOp op, KernelRequest request) {
    return switch (op) {
      case Transpose transpose -> transpose(transpose, request);
      case Concat concat -> ConcatKernels.concat(concat, request);
      case Slice slice -> SliceKernels.slice(slice, request);
      case Tile tile -> tile(request);
      case Expand expand -> expand(request);
      case Gather gather -> IndexKernels.gather(gather, request);
      case ArgReduce reduce -> AxisKernels.argReduce(reduce, request);
      case TopK topK -> AxisKernels.topK(topK, request);
      case CumulativeSum sum -> AxisKernels.cumulativeSum(sum, request);
      case ReverseSequence reverse -> AxisKernels.reverseSequence(reverse, request);
      case Triangle triangle -> AxisKernels.triangle(triangle, request);
      case GatherNd gather -> IndexKernels.gatherNd(gather, request);
      case GatherElements gather -> IndexKernels.gatherElements(gather, request);
      case OneHot oneHot -> IndexKernels.oneHot(oneHot, request);
      case ScatterNd scatter -> ScatterKernels.nd(scatter, request);
      case ScatterElements scatter -> ScatterKernels.elements(scatter, request);
      case Reverse reverse -> reverse(reverse, request);
      case DepthToSpace blocks -> BlockKernels.depthToSpace(blocks, request);
      case SpaceToDepth blocks -> BlockKernels.spaceToDepth(blocks, request);
      case BatchToSpace blocks -> BlockKernels.batchToSpace(blocks, request);
      case SpaceToBatch blocks -> BlockKernels.spaceToBatch(blocks, request);
      case Resize resize -> ResizeKernels.resize(resize, request);
    };
  }

  /** A kernel of boxes that are copied from the node's inputs, all of them read at run time. */
  static Kernel moves(KernelRequest request, Moves moves) {
    ParameterList list = new ParameterList();
    moves.into(list);
    list.int32("width", request.output().dtype().bytes());
    return whole(
        "move",
        "move_boxes",
        request,
        IntStream.range(0, request.inputs().size()).boxed().toList(),
        list);
  }

  /** The same on an output that is filled with one stored number before anything is copied. */
  static Kernel filled(KernelRequest request, Moves moves, double value) {
    ParameterList list = new ParameterList();
    moves.into(list);
    list.int32("width", request.output().dtype().bytes())
        .int32("elements", request.output().elements());
    fill(list, request, value);
    return whole(
        "move",
        "move_filled",
        request,
        IntStream.range(0, request.inputs().size()).boxed().toList(),
        list);
  }

  /** A kernel that needs all of its operands at once, aligned as their elements are. */
  static Kernel whole(
      String folder,
      String name,
      KernelRequest request,
      List<Integer> operands,
      ParameterList list) {
    return new Kernel(
        Selection.source(folder, name),
        name,
        new Form.Whole(),
        operands,
        list.toList(),
        0,
        false,
        alignment(request, operands));
  }

  /** The bytes of the widest element among the operands and the output. */
  static int alignment(KernelRequest request, List<Integer> operands) {
    int widest = request.output().dtype().bytes();
    for (int operand : operands) {
      widest = Math.max(widest, request.inputs().get(operand).dtype().bytes());
    }
    return widest;
  }

  /** The fields {@code fill_low} and {@code fill_high}: the bits of a stored number. */
  static void fill(ParameterList list, KernelRequest request, double value) {
    long bits = request.output().isFloat() ? Float.floatToRawIntBits((float) value) : (long) value;
    list.int32("fill_low", (int) bits).int32("fill_high", (int) (bits >> Integer.SIZE));
  }

  static Moves empty(KernelRequest request) {
    return new Moves(request.output().dtype().bytes());
  }

  private static Kernel transpose(Transpose op, KernelRequest request) {
    int[] from = Moves.strides(request.input().shape());
    Shape output = request.output().shape();
    int[] strides = op.permutation().stream().mapToInt(axis -> from[axis]).toArray();
    Moves moves = empty(request).add(0, 0, 0, output.dims(), strides, Moves.strides(output));
    return moves(request, moves);
  }

  private static Kernel reverse(Reverse op, KernelRequest request) {
    Shape shape = request.output().shape();
    int[] strides = Moves.strides(shape);
    int[] from = strides.clone();
    long last = 0;
    for (int axis : op.axes()) {
      last += (shape.dim(axis) - 1L) * strides[axis];
      from[axis] = -strides[axis];
    }
    return moves(request, empty(request).add(0, last, 0, shape.dims(), from, strides));
  }

  private static Kernel expand(KernelRequest request) {
    Shape output = request.output().shape();
    int[] strides = Broadcast.strides(request.input().shape(), output);
    Moves moves = empty(request).add(0, 0, 0, output.dims(), strides, Moves.strides(output));
    return moves(request, moves);
  }

  /** Each axis of the output is two: the repeats, which read the same again, and the input's. */
  private static Kernel tile(KernelRequest request) {
    Shape input = request.input().shape();
    Shape output = request.output().shape();
    int rank = input.rank();
    int[] extents = new int[2 * rank];
    int[] from = new int[2 * rank];
    int[] to = new int[2 * rank];
    int[] inputStrides = Moves.strides(input);
    int[] outputStrides = Moves.strides(output);
    for (int axis = 0; axis < rank; axis++) {
      extents[2 * axis] = output.dim(axis) / input.dim(axis);
      extents[2 * axis + 1] = input.dim(axis);
      from[2 * axis + 1] = inputStrides[axis];
      to[2 * axis] = outputStrides[axis] * input.dim(axis);
      to[2 * axis + 1] = outputStrides[axis];
    }
    return moves(request, empty(request).add(0, 0, 0, extents, from, to));
  }
}
