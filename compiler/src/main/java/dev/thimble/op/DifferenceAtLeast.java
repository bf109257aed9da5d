package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * For a last axis of two stored elements (a, b): 1 where {@code a - b >= first} and 1 where {@code
 * b - a >= second}, else 0, as uint8 of the same shape. {@code --threshold} puts it in the place of
 * a softmax over two classes.
 */
public record DifferenceAtLeast(double first, double second) implements SingleOutputOp {
  @Override
  public String kind() {
    return "difference_at_least";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Shape input = inputs.get(0).shape();
    Checks.require(
        input.rank() > 0 && input.dim(-1) == 2, "the last axis must have 2 entries: " + input);
    return input;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floatOrInt8(inputs.get(0));
    Checks.flags(output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return ComparisonEvaluation.differenceAtLeast(this, inputs.get(0), output);
  }
}
