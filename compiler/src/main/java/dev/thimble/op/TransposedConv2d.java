package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * The transposed convolution: input pixel (y, x) adds its product with filter tap (ky, kx) to
 * output pixel (y * stride + ky * dilation - padding). Inputs: NHWC activations; filter [O, H, W,
 * I], where I is the input's channels divided by the groups, and group g reads its I channels and
 * writes its O / groups; bias [O]. Output NHWC of (in - 1) * stride + (kernel - 1) * dilation + 1 -
 * padding + extra rows and columns. Quantised as {@link Conv2d}, or int16 as {@link MixedConv2d}.
 * Source: TFLite TRANSPOSE_CONV, ONNX ConvTranspose.
 *
 * @param padding what is cut off the output
 * @param extraRows rows more at the bottom; {@code output_padding} of ONNX
 * @param extraColumns columns more at the right
 */
public record TransposedConv2d(
    Size2d stride,
    Size2d dilation,
    Padding2d padding,
    int extraRows,
    int extraColumns,
    int groups,
    Activation activation)
    implements SingleOutputOp {
  public TransposedConv2d {
    Checks.require(groups >= 1, "groups must be >= 1, was " + groups);
    Checks.require(
        extraRows >= 0 && extraColumns >= 0,
        "extra rows and columns must be >= 0, were " + extraRows + " and " + extraColumns);
  }

  @Override
  public String kind() {
    return "transposed_conv2d";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    Checks.inputCount(inputs, 3);
    Checks.rank("input", inputs.get(0), 4);
    Checks.rank("filter", inputs.get(1), 4);
    Shape input = inputs.get(0).shape();
    Shape filter = inputs.get(1).shape();
    Checks.require(
        input.dim(3) == (long) filter.dim(3) * groups,
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
    long height =
        extent(input.dim(1), stride.height(), Window.span(filter.dim(1), dilation.height()))
            - padding.top()
            - padding.bottom()
            + extraRows;
    long width =
        extent(input.dim(2), stride.width(), Window.span(filter.dim(2), dilation.width()))
            - padding.left()
            - padding.right()
            + extraColumns;
    Checks.require(
        height >= 1 && width >= 1 && height <= Integer.MAX_VALUE && width <= Integer.MAX_VALUE,
        "padding " + padding + " leaves an output of " + height + "x" + width);
    return Shape.of(input.dim(0), (int) height, (int) width, filter.dim(0));
  }

  private static long extent(int inputs, int stride, int span) {
    return (long) (inputs - 1) * stride + span;
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    if (output.dtype() == DType.INT16) {
      asMixed().check(inputs, output);
      return;
    }
    Checks.filtered(inputs, output, 0, output.shape().dim(3));
    if (!output.isFloat()) {
      Checks.require(!Bias.isFractional(inputs.get(2)), "bias must be whole, is " + inputs.get(2));
      ConvolutionQuantization.of(inputs.get(0), inputs.get(1), output, activation, Rounding.DOUBLE);
    }
  }

  /** What has the rules of types and scales for int16 activations. */
  MixedConv2d asMixed() {
    return new MixedConv2d(
        stride, dilation, Padding2d.NONE, groups, MixedConv2d.Scaling.DOUBLE, activation);
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return TransposedEvaluation.evaluate(this, inputs, output, rounding);
  }

  /** Each input element meets each tap of the filters of its group. */
  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    Shape filter = inputs.get(1).shape();
    long taps = (long) filter.dim(1) * filter.dim(2) * (filter.dim(0) / groups);
    return inputs.get(0).elements() * taps;
  }
}
