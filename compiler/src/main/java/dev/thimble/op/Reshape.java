package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The same elements in the same order under another shape. Without an in-place plan it is a copy.
 * Source: TFLite RESHAPE, SQUEEZE and EXPAND_DIMS.
 */
public record Reshape(Shape shape) implements SingleOutputOp {
  @Override
  public String kind() {
    return "reshape";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.require(
        inputs.get(0).elements() == shape.elements(),
        "input " + inputs.get(0).shape() + " has not as many elements as " + shape);
    return shape;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.sameElements(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return inputs.get(0).as(output);
  }
}
