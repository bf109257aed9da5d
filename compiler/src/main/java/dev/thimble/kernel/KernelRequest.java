package dev.thimble.kernel;

import dev.thimble.op.Op;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * A node for which a kernel is sought, without its names.
 *
 * @param constants for each input its data, or nothing where it is computed at run time
 */
public record KernelRequest(
    Op op,
    List<TensorType> inputs,
    List<Optional<Tensor>> constants,
    List<TensorType> outputs,
    Rounding rounding) {
  public KernelRequest {
    inputs = List.copyOf(inputs);
    constants = List.copyOf(constants);
    outputs = List.copyOf(outputs);
  }

  public TensorType input() {
    return inputs.getFirst();
  }

  public TensorType output() {
    return outputs.getFirst();
  }
}
