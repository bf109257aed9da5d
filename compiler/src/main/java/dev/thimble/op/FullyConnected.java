package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Matrix product with a filter. Inputs: activations of any shape, read as rows of I elements;
 * filter [O, I]; bias [O]. Output: [rows, O], or the input's leading axes and O where {@code
 * keepAxes}. Quantised as {@link Conv2d}, per channel along the filter's first axis. Source: TFLite
 * FULLY_CONNECTED.
 */
public record FullyConnected(boolean keepAxes, Activation activation) implements SingleOutputOp {
  @Override
  public String kind() {
    return "fully_connected";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Checks.rank("filter", inputs.get(1), 2);
    Shape input = inputs.get(0).shape();
    Shape filter = inputs.get(1).shape();
    int depth = filter.dim(1);
    Checks.require(
        input.elements() % depth == 0,
        "input " + input + " does not divide into rows of the filter's " + depth + " inputs");
    if (!keepAxes) {
      return Shape.of(input.elements() / depth, filter.dim(0));
    }
    Checks.require(
        input.rank() > 0 && input.dim(-1) == depth,
        "input " + input + " must end in the filter's " + depth + " inputs to keep its axes");
    return input.with(-1, filter.dim(0));
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.filtered(inputs, output, 0, output.shape().dim(-1));
    if (!output.isFloat()) {
      ConvolutionQuantization.ofFullyConnected(
          inputs.get(0), inputs.get(1), output, activation, Rounding.DOUBLE);
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return FullyConnectedEvaluation.evaluate(this, inputs, output, rounding);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    return (long) outputs.getFirst().elements() * inputs.get(1).shape().dim(1);
  }
}
