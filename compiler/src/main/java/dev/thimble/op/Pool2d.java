package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * Pooling over windows of an NHWC map, each channel by itself; padding takes no part in a maximum
 * or an average. Quantised: the output has the input's scale and zero point. Source: TFLite
 * MAX_POOL_2D and AVERAGE_POOL_2D.
 */
public record Pool2d(
    Kind2d pooling, Size2d kernel, Size2d stride, Padding2d padding, Activation activation)
    implements SingleOutputOp {
  /** What is taken of each window. */
  public enum Kind2d {
    MAX,
    AVERAGE
  }

  public Pool2d {
    Checks.require(
        padding.top() < kernel.height()
            && padding.bottom() < kernel.height()
            && padding.left() < kernel.width()
            && padding.right() < kernel.width(),
        "padding " + padding + " must be smaller than the kernel " + kernel);
  }

  @Override
  public String kind() {
    return pooling == Kind2d.MAX ? "max_pool2d" : "average_pool2d";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 1);
    Checks.rank("input", inputs.get(0), 4);
    Shape input = inputs.get(0).shape();
    return Window.output(input, kernel, stride, Size2d.ONE, padding, input.dim(3));
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.sameFloatOrInt8(inputs.get(0), output);
    Checks.sameElements(inputs.get(0), output);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return PoolEvaluation.evaluate(this, inputs.get(0), output);
  }
}
