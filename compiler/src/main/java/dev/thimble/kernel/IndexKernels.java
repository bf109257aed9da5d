package dev.thimble.kernel;

import dev.thimble.op.Gather;
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
}
