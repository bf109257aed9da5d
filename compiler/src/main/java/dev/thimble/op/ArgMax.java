package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The index of the largest element along the last axis, the first of equals, as int32 without that
 * axis. {@code --classify} puts it in a softmax's place.
 */
public record ArgMax() implements SingleOutputOp {
  @Override
  public String kind() {
    return "arg_max";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Shape input = inputs.get(0).shape();
    Checks.require(input.rank() > 0, "input must have at least one axis");
    int[] outer = java.util.Arrays.copyOf(input.dims(), input.rank() - 1);
    return Shape.of(outer);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.require(
        output.equals(TensorType.of(DType.INT32, output.shape())),
        "output must be int32, is " + output);
    Checks.floatOrInt8(inputs.get(0));
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return ComparisonEvaluation.argMax(inputs.get(0), output);
  }
}
