package dev.thimble.kernel;

import dev.thimble.op.Op;
import dev.thimble.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kernel with data for it, and the output that the op's evaluation computes.
 *
 * @param op the node's op; of a fused kernel, the first node's
 * @param inputs the data of all the node's inputs, constants included
 * @param second the second output, of an op that has two
 * @param tolerant whether the kernel calls the C library's exponential function
 */
public record KernelCase(
    Op op,
    Kernel kernel,
    List<Tensor> inputs,
    Tensor expected,
    Optional<Tensor> second,
    boolean tolerant) {
  KernelCase(Op op, Kernel kernel, List<Tensor> inputs, Tensor expected, boolean tolerant) {
    this(op, kernel, inputs, expected, Optional.empty(), tolerant);
  }

  /** The folders of kernels that call functions of the C library, or may give NaN of any sign. */
  private static final Set<String> LIBRARY = Set.of("unary", "parametric", "binary");

  private static String folder(Kernel kernel) {
    return kernel.source().substring(0, kernel.source().indexOf('/'));
  }

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
    List<Tensor> results = request.op().evaluate(inputs, request.outputs(), request.rounding());
    return new KernelCase(
        request.op(),
        kernel,
        inputs,
        results.getFirst(),
        results.stream().skip(1).findFirst(),
        callsLibrary(kernel) || LIBRARY.contains(folder(kernel)));
  }

  private static boolean callsLibrary(Kernel kernel) {
    return switch (kernel.function()) {
      case "softmax_f32",
          "softmax_lines_f32",
          "log_softmax_f32",
          "local_response_norm_f32",
          "window_pool2d_f32",
          "resize_f32",
          "reduce_root_f32",
          "reduce_log_sum_exp_f32",
          "sigmoid_f32",
          "rnn_f32",
          "gru_f32",
          "lstm_f32" ->
          true;
      default -> false;
    };
  }

  /** The data of the kernel's operands, in its order. */
  public List<Tensor> operands() {
    return kernel.operands().stream().map(inputs::get).toList();
  }
}
