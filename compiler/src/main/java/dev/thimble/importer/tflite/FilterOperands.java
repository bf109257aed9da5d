package dev.thimble.importer.tflite;

import dev.thimble.graph.Value;
import dev.thimble.op.MixedConv2d.Scaling;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operands that convolutions and fully connected nodes share: activations, a constant filter
 * and a constant bias, which is all zeros where the file has none.
 *
 * @param scaling how sums are scaled where activations and filter are of different kinds
 */
record FilterOperands(Value input, Value filter, Value bias, Optional<Scaling> scaling) {
  /** What a node with a filter must be to be imported. */
  static final String SUPPORTED =
      "float32 throughout; int8 or int16 activations per tensor with a constant int8 filter"
          + " symmetric per tensor or per output channel and a constant bias; uint8 per tensor"
          + " throughout; float32 activations with a constant symmetric int8 filter";

  /** The difference of scales, in units of the output's scale, up to which TFLite takes a bias. */
  private static final double BIAS_SCALE_TOLERANCE = 0.02;

  /**
   * The operator's operands by their indices.
   *
   * @param rank the filter's axes
   * @param channelAxis the filter's axis of output channels
   */
  record Places(int input, int filter, int bias, int rank, int channelAxis) {
    static final Places CONVOLUTION = new Places(0, 1, 2, 4, 0);
    static final Places DEPTHWISE = new Places(0, 1, 2, 4, 3);
    static final Places FULLY_CONNECTED = new Places(0, 1, 2, 2, 0);
    static final Places TRANSPOSED = new Places(2, 1, 3, 4, 0);
  }

  static FilterOperands read(Operands at, Places places) {
    return read(at, places, false);
  }

  /** Reads the operands; what follows from the file's own types is decided here. */
  static FilterOperands read(Operands at, Places places, boolean asymmetricInputs) {
    TfliteTensor tensor = at.tensor(places.filter());
    if (tensor.shape().size() != places.rank()) {
      throw at.malformed(
          "has a filter of shape " + tensor.shape() + ", not " + places.rank() + " axes");
    }
    Scaling scaling = scaling(at, places, asymmetricInputs);
    requireConstant(at, places.filter(), "filter");
    boolean bytes = tensor.type() == org.tensorflow.lite.schema.TensorType.UINT8;
    Value filter = bytes ? at.stored(places.filter()) : at.input(places.filter());
    boolean integral =
        places.equals(Places.FULLY_CONNECTED) && scaling == null && !filter.type().isFloat();
    if (filter.type().quant() instanceof QuantParams.PerTensor p && p.zeroPoint() != 0 && !bytes) {
      if (!integral) {
        throw unsupported(at, "a filter with zero point " + p.zeroPoint());
      }
      scaling = Scaling.FLOAT;
    }
    Value bias = bias(at, places, filter);
    return new FilterOperands(at.input(places.input()), filter, bias, Optional.ofNullable(scaling));
  }

  /** How sums are scaled; null where the ops for equal kinds do it. */
  private static @Nullable Scaling scaling(Operands at, Places places, boolean asymmetricInputs) {
    DType activations = at.input(places.input()).type().dtype();
    TfliteTensor filter = at.tensor(places.filter());
    boolean same =
        at.output().type().dtype() == activations
            && at.tensor(places.input()).type() == at.outputTensor().type();
    boolean unsigned = filter.type() == org.tensorflow.lite.schema.TensorType.UINT8;
    boolean int8 =
        filter.type() == org.tensorflow.lite.schema.TensorType.INT8
            || filter.type() == org.tensorflow.lite.schema.TensorType.INT4;
    boolean recoded =
        at.tensor(places.input()).type() == org.tensorflow.lite.schema.TensorType.UINT8;
    if (same && activations == DType.FLOAT32 && int8) {
      return dynamic(at, places, asymmetricInputs);
    }
    if (same && activations == DType.INT8 && recoded && unsigned && filter.scales().size() == 1) {
      return Scaling.FLOAT;
    }
    if (same && activations == DType.INT16 && int8) {
      return places.equals(Places.FULLY_CONNECTED) ? Scaling.FLOAT : Scaling.DOUBLE;
    }
    boolean floats =
        filter.type() == org.tensorflow.lite.schema.TensorType.FLOAT32 || isHalf(filter);
    boolean plain =
        activations == DType.FLOAT32 ? floats : activations == DType.INT8 && !recoded && int8;
    if (!same || !plain) {
      throw new UnsupportedNode(at.describe(), SUPPORTED);
    }
    return null;
  }

  private static boolean isHalf(TfliteTensor filter) {
    return filter.type() == org.tensorflow.lite.schema.TensorType.FLOAT16;
  }

  /** What TFLite does with floats and an int8 filter depends on the operator and its scales. */
  private static Scaling dynamic(Operands at, Places places, boolean asymmetricInputs) {
    TfliteTensor filter = at.tensor(places.filter());
    boolean several = new HashSet<>(filter.scales()).size() > 1;
    if (places.equals(Places.TRANSPOSED)) {
      throw unsupported(at, "float32 activations with an integer filter (hybrid)");
    }
    if (places.equals(Places.DEPTHWISE)) {
      if (filter.scales().size() == 1) {
        throw unsupported(at, "float32 activations with an integer filter of one scale (hybrid)");
      }
      return Scaling.DYNAMIC_ASYMMETRIC;
    }
    if (places.equals(Places.FULLY_CONNECTED)) {
      return asymmetricInputs ? Scaling.DYNAMIC_ASYMMETRIC : Scaling.DYNAMIC_SYMMETRIC;
    }
    return several ? Scaling.DYNAMIC_ASYMMETRIC : Scaling.DYNAMIC_SYMMETRIC;
  }

  private static UnsupportedNode unsupported(Operands at, String found) {
    return new UnsupportedNode(found + ", " + at.describe(), SUPPORTED);
  }

  private static void requireConstant(Operands at, int operand, String what) {
    if (!at.isConstant(operand)) {
      throw unsupported(at, "a " + what + " that is computed at run time");
    }
  }

  private static Value bias(Operands at, Places places, Value filter) {
    int channels = filter.type().shape().dim(places.channelAxis());
    DType activations = at.input(places.input()).type().dtype();
    boolean wide = activations == DType.INT16;
    DType needed = activations == DType.FLOAT32 ? DType.FLOAT32 : wide ? DType.INT64 : DType.INT32;
    TensorType type = TensorType.of(needed, Shape.of(channels));
    if (!at.has(places.bias())) {
      Tensor zeros =
          needed == DType.FLOAT32
              ? Tensor.ofFloats(type, new float[channels])
              : Tensor.filled(type, 0);
      return at.implied("_bias", zeros);
    }
    requireConstant(at, places.bias(), "bias");
    Value bias = at.input(places.bias());
    boolean narrow =
        wide
            && bias.type().dtype() == DType.INT32
            && (places.equals(Places.CONVOLUTION) || places.equals(Places.FULLY_CONNECTED));
    if (bias.type().dtype() != needed && !narrow) {
      throw unsupported(at, "a bias of type " + bias.type().dtype().reportName());
    }
    if (!bias.type().shape().equals(type.shape())) {
      throw at.malformed(
          "has a bias of shape " + bias.type().shape() + " for " + channels + " output channels");
    }
    if (!bias.type().isFloat()) {
      requireBiasScale(at, places, filter.type(), channels);
    }
    return bias;
  }

  /**
   * Requires the scale that the file states for the bias, if it states one, to be the product of
   * the input's and the filter's, which is the scale that the bias is computed with.
   */
  private static void requireBiasScale(
      Operands at, Places places, TensorType filter, int channels) {
    TfliteTensor bias = at.tensor(places.bias());
    TensorType input = at.input(places.input()).type();
    boolean scaled =
        input.quant() instanceof QuantParams.PerTensor
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
    float outputScale = at.output().type().scale();
    for (int channel = 0; channel < channels; channel++) {
      float stated = bias.scales().get(bias.scales().size() == 1 ? 0 : channel);
      float product = input.scale() * filter.scaleOf(channel);
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
