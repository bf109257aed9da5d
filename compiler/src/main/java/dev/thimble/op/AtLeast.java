package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * 1 where the stored element is at least {@code threshold}, else 0, as uint8. {@code --threshold}
 * puts it in a sigmoid's place.
 */
public record AtLeast(double threshold) implements SingleOutputOp {
  @Override
  public String kind() {
    return "at_least";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    return inputs.get(0).shape();
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.floatOrInt8(inputs.get(0));
    Checks.flags(output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return ComparisonEvaluation.atLeast(this, inputs.get(0), output);
  }
}
