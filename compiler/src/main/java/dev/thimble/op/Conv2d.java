package dev.thimble.op;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * 2-D convolution. Inputs: NHWC activations, OHWI filter (I is the input's channels divided by the
 * groups), bias [O]. Output NHWC. Quantised: int8 activations per tensor, int8 filter symmetric per
 * tensor or per output channel, int32 {@link Bias} of scale s_in * s_w. Source: TFLite CONV_2D,
 * ONNX Conv.
 */
public record Conv2d(
    Size2d stride, Size2d dilation, Padding2d padding, int groups, Activation activation)
    implements SingleOutputOp {
  public Conv2d {
    Checks.require(groups >= 1, "groups must be >= 1, was " + groups);
  }

  @Override
  public String kind() {
    return "conv2d";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Checks.rank("input", inputs.get(0), 4);
    Checks.rank("filter", inputs.get(1), 4);
    Shape input = inputs.get(0).shape();
    Shape filter = inputs.get(1).shape();
    Checks.require(
        input.dim(3) == filter.dim(3) * groups,
        "input has "
            + input.dim(3)
            + " channels, filter expects "
            + (long) filter.dim(3) * groups
            + " ("
            + groups
            + " groups of "
            + filter.dim(3)
            + "); check the exporter's layout");
    Checks.require(
        filter.dim(0) % groups == 0,
        filter.dim(0) + " filters do not divide into " + groups + " groups");
    Size2d kernel = new Size2d(filter.dim(1), filter.dim(2));
    return Window.output(input, kernel, stride, dilation, padding, filter.dim(0));
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    Checks.filtered(inputs, output, 0, output.shape().dim(3));
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
    return (long) outputs.getFirst().elements() * filter.dim(1) * filter.dim(2) * filter.dim(3);
  }
}
