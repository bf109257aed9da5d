package dev.thimble.importer.tflite;

import dev.thimble.graph.Value;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;

/**
 * The operands that convolutions and fully connected nodes share: activations, a constant filter
 * and a constant bias, which is all zeros where the file has none.
 */
record FilterOperands(Value input, Value filter, Value bias) {
  /** What a node with a filter must be to be imported. */
  static final String SUPPORTED =
      "float32 throughout; or int8 activations per tensor, a constant int8 filter symmetric per"
          + " tensor or per output channel, a constant int32 bias";

  /** The difference of scales, in units of the output's scale, up to which TFLite takes a bias. */
  private static final double BIAS_SCALE_TOLERANCE = 0.02;

  /** Reads operands 0 to 2; {@code channelAxis} is the filter's axis of output channels. */
  static FilterOperands read(Operands at, int rank, int channelAxis) {
    at.require(2, 3);
    TfliteTensor filterTensor = at.tensor(1);
    if (filterTensor.shape().size() != rank) {
      throw at.malformed(
          "has a filter of shape " + filterTensor.shape() + ", not " + rank + " axes");
    }
    requireTypes(at);
    requireConstant(at, 1, "filter");
    Value filter = at.input(1);
    if (filter.type().quant() instanceof QuantParams.PerTensor p && p.zeroPoint() != 0) {
      throw unsupported(at, "a filter with zero point " + p.zeroPoint());
    }
    int channels = filter.type().shape().dim(channelAxis);
    return new FilterOperands(at.input(0), filter, bias(at, filter, channels));
  }

  private static void requireTypes(Operands at) {
    DType activations = at.input(0).type().dtype();
    boolean floats = activations == DType.FLOAT32;
    byte filter = at.tensor(1).type();
    boolean floatFilter = filter == org.tensorflow.lite.schema.TensorType.FLOAT32;
    if (floats && !floatFilter) {
      throw unsupported(at, "float32 activations with an integer filter (hybrid)");
    }
    boolean int8Filter = filter == org.tensorflow.lite.schema.TensorType.INT8;
    boolean fits = floats || (activations == DType.INT8 && int8Filter);
    if (!fits || at.output().type().dtype() != activations) {
      throw new UnsupportedNode(at.describe(), SUPPORTED);
    }
  }

  private static UnsupportedNode unsupported(Operands at, String found) {
    return new UnsupportedNode(found + ", " + at.describe(), SUPPORTED);
  }

  private static void requireConstant(Operands at, int operand, String what) {
    if (!at.isConstant(operand)) {
      throw unsupported(at, "a " + what + " that is computed at run time");
    }
  }

  private static Value bias(Operands at, Value filter, int channels) {
    boolean floats = filter.type().isFloat();
    DType needed = floats ? DType.FLOAT32 : DType.INT32;
    TensorType type = TensorType.of(needed, Shape.of(channels));
    if (!at.has(2)) {
      Tensor zeros = floats ? Tensor.ofFloats(type, new float[channels]) : Tensor.filled(type, 0);
      return at.implied("_bias", zeros);
    }
    requireConstant(at, 2, "bias");
    Value bias = at.input(2);
    if (bias.type().dtype() != needed) {
      throw unsupported(at, "a bias of type " + bias.type().dtype().reportName());
    }
    if (!bias.type().shape().equals(type.shape())) {
      throw at.malformed(
          "has a bias of shape " + bias.type().shape() + " for " + channels + " output channels");
    }
    if (!floats) {
      requireBiasScale(at, filter.type(), channels);
    }
    return bias;
  }

  /**
   * Requires the scale that the file states for the bias, if it states one, to be the product of
   * the input's and the filter's, which is the scale that the bias is computed with.
   */
  private static void requireBiasScale(Operands at, TensorType filter, int channels) {
    TfliteTensor bias = at.tensor(2);
    boolean scaled =
        at.input(0).type().quant() instanceof QuantParams.PerTensor
            && at.output().type().quant() instanceof QuantParams.PerTensor
            && filter.isQuantized();
    if (!scaled || bias.scales().isEmpty()) {
      return;
    }
    if (bias.zeroPoints().stream().anyMatch(zeroPoint -> zeroPoint != 0)) {
      throw unsupported(at, "a bias with zero point " + bias.zeroPoints().getFirst());
    }
    boolean perChannelFilter = filter.quant() instanceof QuantParams.PerChannel;
    if (perChannelFilter && ((QuantParams.PerChannel) filter.quant()).scales().size() != channels) {
      return;
    }
    float inputScale = at.input(0).type().scale();
    float outputScale = at.output().type().scale();
    for (int channel = 0; channel < channels; channel++) {
      float stated = bias.scales().get(bias.scales().size() == 1 ? 0 : channel);
      float product = inputScale * filter.scaleOf(channel);
      if (Math.abs((double) product - stated) / outputScale > BIAS_SCALE_TOLERANCE) {
        throw at.malformed(
            "the bias of channel "
                + channel
                + " has scale "
                + stated
                + ", the input's and the filter's scales make "
                + product);
      }
    }
  }
}
