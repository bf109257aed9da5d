package dev.thimble.op;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;

/** The requirements that several ops share; each throws {@link IllegalArgumentException}. */
final class Checks {
  private Checks() {}

  static void inputCount(List<TensorType> inputs, int expected) {
    require(inputs.size() == expected, "takes " + expected + " inputs, was given " + inputs.size());
  }

  static void rank(String name, TensorType type, int expected) {
    require(
        type.shape().rank() == expected,
        name + " must have " + expected + " axes, has shape " + type.shape());
  }

  /** Requires float32 throughout, or int8 tensors quantised per tensor throughout. */
  static void sameFloatOrInt8(TensorType input, TensorType output) {
    if (input.isFloat() && output.isFloat()) {
      return;
    }
    int8PerTensor("input", input);
    int8PerTensor("output", output);
  }

  /** Requires float32 throughout. */
  static void floats(List<TensorType> inputs, TensorType output) {
    inputs.forEach(input -> require(input.isFloat(), "inputs must be float32, one is " + input));
    require(output.isFloat(), "output must be float32, is " + output);
  }

  /** Requires float32, or int8 quantised per tensor. */
  static void floatOrInt8(TensorType type) {
    if (!type.isFloat()) {
      int8PerTensor("input", type);
    }
  }

  /** Requires the output type that the reference kernels fix for probabilities. */
  static void probabilities(TensorType output) {
    require(
        output.scale() == 1f / 256 && output.zeroPoint() == -128,
        "output must have scale 1/256 and zero point -128, is " + output);
  }

  /** Requires the type of outputs that are 0 or 1. */
  static void flags(TensorType output) {
    require(
        output.equals(TensorType.of(DType.UINT8, output.shape())),
        "output must be uint8, is " + output);
  }

  /** Requires float32 throughout, or tensors of int8 or of int16 quantised per tensor. */
  static void sameFloatOrQuantized(TensorType input, TensorType output) {
    if (isInt16(input) && isInt16(output)) {
      return;
    }
    sameFloatOrInt8(input, output);
  }

  /** Whether a type is int16 quantised per tensor. */
  static boolean isInt16(TensorType type) {
    return type.dtype() == DType.INT16 && type.quant() instanceof QuantParams.PerTensor;
  }

  /** Whether a type is int8 quantised per tensor. */
  static boolean isInt8(TensorType type) {
    return type.dtype() == DType.INT8 && type.quant() instanceof QuantParams.PerTensor;
  }

  /** Requires the zero point 0. */
  static void symmetric(TensorType type) {
    require(type.zeroPoint() == 0, "the zero point must be 0, is " + type);
  }

  /** Requires at most one scale, whatever the element type. */
  static void notPerChannel(TensorType type) {
    require(
        !(type.quant() instanceof QuantParams.PerChannel),
        "activations must not be quantised per channel, are " + type);
  }

  /** Requires booleans. */
  static void booleans(String name, TensorType type) {
    require(
        type.equals(TensorType.of(DType.BOOL, type.shape())), name + " must be bool, is " + type);
  }

  static void int8PerTensor(String name, TensorType type) {
    require(
        type.dtype() == DType.INT8 && type.quant() instanceof QuantParams.PerTensor,
        name + " must be float32 throughout or int8 quantised per tensor, is " + type);
  }

  /** Requires the output to keep the input's element type and quantisation. */
  static void sameElements(TensorType input, TensorType output) {
    require(
        input.dtype() == output.dtype() && input.quant().equals(output.quant()),
        "keeps its input's type and quantisation " + input + ", its output is declared " + output);
  }

  /** Requires an output whose elements are elements of the input: nothing is rescaled. */
  static void moved(TensorType input, TensorType output) {
    sameElements(input, output);
    require(
        !(input.quant() instanceof QuantParams.PerChannel),
        "input must not be quantised per channel, is " + input);
  }

  /** Requires int8 or int16 quantised per tensor, the same of both. */
  static void sameQuantized(TensorType input, TensorType output) {
    boolean perTensor =
        input.quant() instanceof QuantParams.PerTensor
            && output.quant() instanceof QuantParams.PerTensor;
    boolean known = input.dtype() == DType.INT8 || input.dtype() == DType.INT16;
    require(
        perTensor && known && input.dtype() == output.dtype(),
        "input and output must be int8 or int16 quantised per tensor, are "
            + input
            + " and "
            + output);
  }

  /** Requires a stored number of this type. */
  static void storable(double value, TensorType type) {
    require(
        type.isFloat()
            || (value == Math.rint(value)
                && value >= type.dtype().min()
                && value <= type.dtype().max()),
        "value " + value + " lies outside " + type.dtype().reportName());
  }

  /** Requires the shape of indices along one axis of the data. */
  static void elementwiseIndices(Shape data, Shape indices, int axis) {
    boolean fits = data.rank() == indices.rank();
    for (int i = 0; fits && i < data.rank(); i++) {
      fits = i == axis || indices.dim(i) <= data.dim(i);
    }
    require(fits, "indices " + indices + " do not fit the data " + data + " along axis " + axis);
  }

  /** Requires the type of indices. */
  static void indices(TensorType type) {
    require(
        (type.dtype() == DType.INT32 || type.dtype() == DType.INT64) && !type.isQuantized(),
        "indices must be int32 or int64, are " + type);
  }

  /**
   * Requires the types of a node with a filter and a bias: all float32; or int8 activations, an
   * int8 filter quantised symmetrically per tensor or along {@code channelAxis}, a {@link Bias}.
   */
  static void filtered(List<TensorType> inputs, TensorType output, int channelAxis, int channels) {
    TensorType filter = inputs.get(1);
    TensorType bias = inputs.get(2);
    require(
        bias.shape().equals(Shape.of(channels)),
        "bias must have shape [" + channels + "], has " + bias.shape());
    sameFloatOrInt8(inputs.get(0), output);
    if (output.isFloat()) {
      require(filter.isFloat() && bias.isFloat(), "filter and bias must be float32 too");
      return;
    }
    require(
        filter.dtype() == DType.INT8 && bias.dtype() == DType.INT32,
        "filter must be int8 and bias int32, are " + filter + " and " + bias);
    Bias.check(bias);
    boolean symmetric =
        switch (filter.quant()) {
          case QuantParams.None n -> false;
          case QuantParams.PerTensor p -> p.zeroPoint() == 0;
          case QuantParams.PerChannel p -> p.axis() == channelAxis;
        };
    require(
        symmetric,
        "filter must be quantised symmetrically, per tensor or along axis "
            + channelAxis
            + ", is "
            + filter);
  }

  static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
