package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * A {@link GroupNorm} of a group for each channel: (x - mean) / sqrt(variance + epsilon) * scale +
 * bias. Inputs: x [N, ..., C], scale [C], bias [C]. float32. Source: ONNX InstanceNormalization-22,
 * with the channels last.
 */
public record InstanceNorm(float epsilon) implements Normalization {
  public InstanceNorm {
    Norms.requireEpsilon(epsilon);
  }

  @Override
  public String kind() {
    return "instance_norm";
  }

  @Override
  public int inputCount() {
    return 3;
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Shape shape = Normalization.super.outputShape(inputs);
    Checks.require(shape.rank() > 1, "input " + shape + " has no batch axis");
    return shape;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Norms.checkChannels(inputs, output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return Norms.grouped(inputs, output, output.shape().dim(-1), epsilon);
  }
}
