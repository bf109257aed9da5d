package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * A tensor repeated to a shape to which numpy would broadcast it: axes of extent 1, and axes that
 * it does not have. Elements of any type. Source: TFLite BROADCAST_TO; ONNX Expand, whose result
 * has the common shape of both.
 */
public record Expand(Shape shape) implements PositionalOp {
  @Override
  public String kind() {
    return "expand";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Shape input = inputs.get(0).shape();
    Checks.require(
        Broadcast.shape(input, shape).equals(shape),
        "input " + input + " does not broadcast to " + shape);
    return shape;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.moved(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    int[] strides = Broadcast.strides(inputs.get(0).shape(), shape);
    return Relocation.gather(inputs.get(0), output, Strides.offsets(shape, strides));
  }
}
