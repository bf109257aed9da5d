package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Ops that scale each element by what they find in a part of the tensor that it belongs to. The
 * output has the first input's shape, and nothing is known of any of its channels before all are.
 */
public sealed interface Normalization extends SingleOutputOp
    permits GroupNorm,
        HardMax,
        InstanceNorm,
        L2Norm,
        LayerNorm,
        LocalResponseNorm,
        LogSoftmax,
        LpNorm {
  /** The number of inputs: 1, or 3 with a scale and a bias. */
  default int inputCount() {
    return 1;
  }

  @Override
  default Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, inputCount());
    Shape shape = inputs.getFirst().shape();
    Checks.require(shape.rank() > 0, "input must have at least one axis");
    return shape;
  }
}
