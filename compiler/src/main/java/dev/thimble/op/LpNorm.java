package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Each line along an axis divided by its norm, the sum of magnitudes (p = 1) or the root of the sum
 * of squares (p = 2); a line whose norm is 0 becomes 0. float32; a negative axis counts from the
 * innermost. Source: ONNX LpNormalization-22.
 */
public record LpNorm(int axis, int p) implements Normalization {
  public LpNorm {
    Checks.require(p == 1 || p == 2, "p must be 1 or 2, was " + p);
  }

  @Override
  public String kind() {
    return "lp_norm";
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
    Lines.along(output.shape(), axis);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return LineEvaluation.lpNorm(this, inputs.getFirst(), output);
  }
}
