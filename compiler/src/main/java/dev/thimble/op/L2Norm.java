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
    Checks.sameFloatOrInt8(inputs.getFirst(), output);
    Lines lines = Lines.along(output.shape(), axis);
    if (!output.isFloat()) {
      Checks.require(
          Lines.axis(output.shape(), axis) == output.shape().rank() - 1,
          "int8 is taken along the last axis, was given axis " + axis);
      Checks.require(
          output.scale() == 1f / 128 && output.zeroPoint() == 0,
          "output must have scale 1/128 and zero point 0, is " + output);
      Checks.require(
          lines.depth() <= IntL2Norm.MAX_DEPTH,
          "the last axis may have at most "
              + IntL2Norm.MAX_DEPTH
              + " entries, has "
              + lines.depth());
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return output.isFloat()
        ? LineEvaluation.l2Norm(this, inputs.getFirst(), output)
        : IntL2Norm.evaluate(inputs.getFirst(), output, rounding);
  }
}
