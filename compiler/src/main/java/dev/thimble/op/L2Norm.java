package dev.thimble.op;

import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Each line along an axis divided by the root of its sum of squares, or by epsilon where that is
 * larger; a negative axis counts from the innermost. Quantised: int8 to int8 along the last axis,
 * the output of scale 1/128 and zero point 0, by integers that have no epsilon. Source: TFLite
 * L2_NORMALIZATION, whose epsilon is 1e-6; {@code tf.math.l2_normalize(x, e)} has the epsilon
 * sqrt(e).
 */
public record L2Norm(int axis, float epsilon) implements Normalization {
  public L2Norm {
    Checks.require(epsilon >= 0 && Float.isFinite(epsilon), "epsilon must be >= 0, was " + epsilon);
  }

  @Override
  public String kind() {
    return "l2_norm";
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floats(inputs, output);
    Lines.along(output.shape(), axis);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return LineEvaluation.l2Norm(this, inputs.getFirst(), output);
  }
}
