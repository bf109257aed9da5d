package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * 1 at the first largest element along an axis, else 0; float32. A negative axis counts from the
 * innermost. Source: ONNX Hardmax-13.
 */
public record HardMax(int axis) implements Normalization {
  @Override
  public String kind() {
    return "hard_max";
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
    Lines.along(output.shape(), axis);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return LineEvaluation.hardMax(this, inputs.getFirst(), output);
  }
}
