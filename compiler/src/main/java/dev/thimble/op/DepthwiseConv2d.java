package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * 2-D convolution of each channel by itself. Inputs: NHWC activations, filter [1, H, W, C * M],
 * bias [C * M]; output NHWC with C * M channels, where output channel {@code c * M + m} reads input
 * channel {@code c}. Quantised as {@link Conv2d}, per channel along the filter's last axis. Source:
 * TFLite DEPTHWISE_CONV_2D.
 */
public record DepthwiseConv2d(
    Size2d stride, Size2d dilation, Padding2d padding, int multiplier, Activation activation)
    implements SingleOutputOp {
  public DepthwiseConv2d {
    Checks.require(multiplier >= 1, "multiplier must be >= 1, was " + multiplier);
  }

  @Override
  public String kind() {
    return "depthwise_conv2d";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Checks.rank("input", inputs.get(0), 4);
    Checks.rank("filter", inputs.get(1), 4);
    Shape input = inputs.get(0).shape();
    Shape filter = inputs.get(1).shape();
    Checks.require(filter.dim(0) == 1, "filter must have shape [1,H,W,C], has " + filter);
    Checks.require(
        filter.dim(3) == (long) input.dim(3) * multiplier,
        "input has "
            + input.dim(3)
            + " channels and the multiplier is "
            + multiplier
            + ", but the filter has "
            + filter.dim(3)
            + " channels");
    Size2d kernel = new Size2d(filter.dim(1), filter.dim(2));
    return Window.output(input, kernel, stride, dilation, padding, filter.dim(3));
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.filtered(inputs, output, 3, output.shape().dim(3));
    if (!output.isFloat()) {
      ConvolutionQuantization.of(inputs.get(0), inputs.get(1), output, activation, Rounding.DOUBLE);
    }
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return ConvolutionEvaluation.evaluate(this, inputs, output, rounding);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    Shape filter = inputs.get(1).shape();
    return (long) outputs.getFirst().elements() * filter.dim(1) * filter.dim(2);
  }
}
