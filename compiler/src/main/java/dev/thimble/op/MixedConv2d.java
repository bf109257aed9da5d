package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.List;

/**
 * 2-D convolution of elements for which {@link Conv2d} has no rule. Inputs: NHWC activations, OHWI
 * filter (I is the input's channels divided by the groups), bias [O]. Output NHWC. A depthwise
 * convolution has a group for each channel, a fully connected node has windows of one pixel. One of
 *
 * <ul>
 *   <li>int8 activations, a uint8 or int8 filter with one scale and any zero point, an int32 bias;
 *   <li>int16 activations of zero point 0, a symmetric int8 filter per tensor or per output
 *       channel, a bias of int64, whose sums are rounded once to 16 bits of multiplier, or of
 *       int32;
 *   <li>float32 activations, which are quantised at run time or stay what they are, a symmetric
 *       int8 filter per tensor or per output channel, a float32 bias.
 * </ul>
 *
 * Source: TFLite CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED.
 */
public record MixedConv2d(
    Size2d stride,
    Size2d dilation,
    Padding2d padding,
    int groups,
    Scaling scaling,
    Activation activation)
    implements SingleOutputOp {
  /** How sums are scaled to the output. */
  public enum Scaling {
    /** By integers, from products of scales in double precision: rule Q7. */
    DOUBLE,
    /** By integers; with a single filter scale its product with the input's is a float32: Q8. */
    FLOAT,
    /** By floats; each batch entry is quantised with the zero point 0: Q62. */
    DYNAMIC_SYMMETRIC,
    /** By floats; each batch entry is quantised with a zero point: Q62. */
    DYNAMIC_ASYMMETRIC,
    /** By floats; activations stay floats, only the filter is quantised: Q67. */
    WEIGHTS;

    /** Whether the activations are floats. */
    public boolean isFloat() {
      return isDynamic() || this == WEIGHTS;
    }

    /** Whether the activations are quantised at run time. */
    public boolean isDynamic() {
      return this == DYNAMIC_SYMMETRIC || this == DYNAMIC_ASYMMETRIC;
    }
  }

  public MixedConv2d {
    Checks.require(groups >= 1, "groups must be >= 1, was " + groups);
  }

  @Override
  public String kind() {
    return "mixed_conv2d";
  }

  @Override
  public Shape outputShape(List<TensorType> inputs) {
    return new Conv2d(stride, dilation, padding, groups, activation).outputShape(inputs);
  }

  @Override
  public void check(List<TensorType> inputs, TensorType output) {
    TensorType input = inputs.get(0);
    TensorType filter = inputs.get(1);
    TensorType bias = inputs.get(2);
    Checks.require(
        bias.shape().equals(Shape.of(output.shape().dim(3))),
        "bias must have shape [" + output.shape().dim(3) + "], has " + bias.shape());
    Checks.require(
        input.isFloat() == scaling.isFloat() && input.dtype() == output.dtype(),
        "activations scaled " + scaling + " cannot be " + input + " and " + output);
    if (scaling.isFloat()) {
      Checks.require(bias.isFloat(), "bias must be float32, is " + bias);
      symmetric(filter);
      return;
    }
    if (input.dtype() == DType.INT16) {
      int16(input, filter, bias, output);
    } else {
      Checks.int8PerTensor("input", input);
      Checks.int8PerTensor("output", output);
      boolean bytes = filter.dtype() == DType.INT8 || filter.dtype() == DType.UINT8;
      Checks.require(
          bytes
              && filter.quant() instanceof QuantParams.PerTensor
              && bias.equals(TensorType.of(DType.INT32, bias.shape())),
          "filter must be of bytes quantised per tensor and bias int32, are "
              + filter
              + " and "
              + bias);
    }
    quantization(inputs, output, Rounding.DOUBLE);
  }

  private static void symmetric(TensorType filter) {
    boolean fits =
        switch (filter.quant()) {
          case QuantParams.None n -> false;
          case QuantParams.PerTensor p -> p.zeroPoint() == 0;
          case QuantParams.PerChannel p -> p.axis() == 0;
        };
    Checks.require(
        filter.dtype() == DType.INT8 && fits,
        "filter must be int8, symmetric per tensor or along axis 0, is " + filter);
  }

  private static void int16(
      TensorType input, TensorType filter, TensorType bias, TensorType output) {
    symmetric(filter);
    for (TensorType type : List.of(input, output)) {
      Checks.require(
          type.dtype() == DType.INT16
              && type.quant() instanceof QuantParams.PerTensor p
              && p.zeroPoint() == 0,
          "int16 activations must have one scale and the zero point 0, are " + type);
    }
    Checks.require(
        (bias.dtype() == DType.INT64 || bias.dtype() == DType.INT32) && !bias.isQuantized(),
        "bias must be int64 or int32, is " + bias);
  }

  /** The constants of integer nodes. */
  public ConvolutionQuantization quantization(
      List<TensorType> inputs, TensorType output, Rounding rounding) {
    ConvolutionQuantization quantization =
        scaling == Scaling.DOUBLE
            ? ConvolutionQuantization.of(inputs.get(0), inputs.get(1), output, activation, rounding)
            : ConvolutionQuantization.ofFullyConnected(
                inputs.get(0), inputs.get(1), output, activation, rounding);
    if (inputs.get(2).dtype() == DType.INT64) {
      quantization.requireWide();
    }
    return quantization;
  }

  @Override
  public Tensor evaluate(List<Tensor> inputs, TensorType output, Rounding rounding) {
    return MixedEvaluation.evaluate(this, inputs, output, rounding);
  }

  @Override
  public long macs(List<TensorType> inputs, List<TensorType> outputs) {
    Shape filter = inputs.get(1).shape();
    return (long) outputs.getFirst().elements() * filter.dim(1) * filter.dim(2) * filter.dim(3);
  }
}
