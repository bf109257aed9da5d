package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + bias, where mean and variance are those of a
 * batch entry's group of neighbouring channels. Inputs: x [N, ..., C], scale [C], bias [C].
 * float32. Source: ONNX GroupNormalization-21, with the channels last.
 */
public record GroupNorm(int groups, float epsilon) implements Normalization {
  public GroupNorm {
    Checks.require(groups >= 1, "groups must be >= 1, was " + groups);
    Norms.requireEpsilon(epsilon);
  }

  @Override
  public String kind() {
    return "group_norm";
  }

  @Override
  public int inputCount() {
    return 3;
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Shape shape = Normalization.super.outputShape(inputs);
    Checks.require(
        shape.rank() > 1 && shape.dim(-1) % groups == 0,
        "input " + shape + " does not divide into " + groups + " groups of channels");
    return shape;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Norms.checkChannels(inputs, output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return Norms.grouped(inputs, output, groups, epsilon);
  }
}
