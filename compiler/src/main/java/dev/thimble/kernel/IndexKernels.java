package dev.thimble.kernel;

import dev.thimble.op.Gather;
import dev.thimble.op.GatherElements;
import dev.thimble.op.GatherNd;
import dev.thimble.op.OneHot;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;

/** Portable kernels that find elements by indices, which are read at run time. */
final class IndexKernels {
  private IndexKernels() {}

  static Kernel gather(Gather op, KernelRequest request) {
    Shape data = request.input().shape();
    int batches = Selection.product(data, 0, op.batchAxes());
    ParameterList list =
        new ParameterList()
            .int32("batches", batches)
            .int32("outer", Selection.product(data, op.batchAxes(), op.axis()))
            .int32("extent", data.dim(op.axis()))
            .int32("count", request.inputs().get(1).elements() / batches)
            .int32(
                "run",
                Selection.product(data, op.axis() + 1, data.rank())
                    * request.output().dtype().bytes())
            .int32("index_bytes", request.inputs().get(1).dtype().bytes());
    return PositionalKernels.whole("gather", "gather_runs", request, List.of(0, 1), list);
  }

  static Kernel gatherNd(GatherNd op, KernelRequest request) {
    Shape data = request.input().shape();
    Shape indices = request.inputs().get(1).shape();
    int vector = indices.dim(-1);
    int batches = Selection.product(data, 0, op.batchAxes());
    int[] extents = new int[vector];
    for (int i = 0; i < vector; i++) {
      extents[i] = data.dim(op.batchAxes() + i);
    }
    ParameterList list =
        new ParameterList()
            .table("extents", Parameter.Role.TABLE, DType.INT32, extents)
            .int32("vector", vector)
            .int32("batches", batches)
            .int32("count", indices.elements() / vector / batches)
            .int32(
                "run",
                Selection.product(data, op.batchAxes() + vector, data.rank())
                    * request.output().dtype().bytes())
            .int32("index_bytes", request.inputs().get(1).dtype().bytes());
    return PositionalKernels.whole("gather", "gather_nd", request, List.of(0, 1), list);
  }

  static Kernel gatherElements(GatherElements op, KernelRequest request) {
    Shape data = request.input().shape();
    ParameterList list = new ParameterList();
    walk(list, request.inputs().get(1).shape(), data, op.axis());
    list.int32("count", request.output().elements())
        .int32("stride", Moves.strides(data)[op.axis()])
        .int32("extent", data.dim(op.axis()))
        .int32("width", request.output().dtype().bytes())
        .int32("index_bytes", request.inputs().get(1).dtype().bytes());
    return PositionalKernels.whole("gather", "gather_elements", request, List.of(0, 1), list);
  }

  /**
   * The fields {@code walk} and {@code walk_axes}: how far from one entry of indices to the next
   * one leads within the data, along each axis but that of the indices.
   */
  static void walk(ParameterList list, Shape indices, Shape data, int axis) {
    int[] strides = Moves.strides(data);
    strides[axis] = 0;
    int[] walk = new int[2 * strides.length];
    for (int i = 0; i < strides.length; i++) {
      walk[2 * i] = indices.dim(i);
      walk[2 * i + 1] = strides[i];
    }
    list.table("walk", Parameter.Role.TABLE, DType.INT32, walk).int32("walk_axes", strides.length);
  }

  static Kernel oneHot(OneHot op, KernelRequest request) {
    ParameterList list = new ParameterList();
    AxisKernels.axis(list, request.output().shape(), op.axis());
    list.int32("type", AxisKernels.integer(request.input().dtype()))
        .int32("width", request.output().dtype().bytes())
        .flag("from_end", op.fromEnd());
    return PositionalKernels.whole("one_hot", "one_hot", request, List.of(0, 1), list);
  }
}
