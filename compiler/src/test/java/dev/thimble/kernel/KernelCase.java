package dev.thimble.kernel;

import dev.thimble.op.SingleOutputOp;
import dev.thimble.tensor.Tensor;
import java.util.List;

/**
 * A kernel with data for it, and the output that the op's evaluation computes.
 *
 * @param op the node's op; of a fused kernel, the first node's
 * @param inputs the data of all the node's inputs, constants included
 * @param tolerant whether the kernel calls the C library's exponential function
 */
public record KernelCase(
    SingleOutputOp op, Kernel kernel, List<Tensor> inputs, Tensor expected, boolean tolerant) {
  String name() {
    return kernel.function() + " " + inputs.getFirst().type() + " by " + op;
  }

  /** The case of a single node. */
  public static KernelCase of(KernelRequest request, List<Tensor> inputs) {
    return of(request, new PortableKernels().select(request), inputs);
  }

  /** The case of a node by the kernel that runs it by rows, though its map has one. */
  static KernelCase byRows(KernelRequest request, List<Tensor> inputs) {
    return of(request, new PortableKernels().byRows(request).orElseThrow(), inputs);
  }

  private static KernelCase of(KernelRequest request, Kernel kernel, List<Tensor> inputs) {
    Tensor expected =
        ((SingleOutputOp) request.op()).evaluate(inputs, request.output(), request.rounding());
    boolean tolerant =
        kernel.function().equals("softmax_f32")
            || kernel.function().equals("sigmoid_f32")
            || kernel.function().equals("reduce_root_f32")
            || kernel.function().equals("reduce_log_sum_exp_f32");
    return new KernelCase((SingleOutputOp) request.op(), kernel, inputs, expected, tolerant);
  }

  /** The data of the kernel's operands, in its order. */
  public List<Tensor> operands() {
    return kernel.operands().stream().map(inputs::get).toList();
  }
}
