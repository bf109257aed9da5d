package dev.thimble.quant;

import dev.thimble.op.Quantize;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Constants of float networks as stored integers. Quotients are rounded half up. */
final class StoredNumbers {
  /** The largest magnitude of a bias: half of an int32, the rest is for the sum of products. */
  private static final double LARGEST_BIAS = 1 << 30;

  private StoredNumbers() {}

  /** The stored number of a real one, at the end of the type's range where it lies beyond. */
  static int of(float real, TensorType type) {
    // A huge number saturates before the zero point is added, which must not overflow.
    long rounded = Math.clamp(Math.round((double) real / type.scale()), -1L << 32, 1L << 32);
    return (int) Math.clamp(rounded + type.zeroPoint(), type.dtype().min(), type.dtype().max());
  }

  /** A tensor of floats in a type quantised per tensor. */
  static Tensor of(Tensor real, TensorType type) {
    int[] stored = new int[type.elements()];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = of(real.floats()[i], type);
    }
    return Tensor.ofInts(type, stored);
  }

  /** A sample as an int8 input stores it: rule Q2 of quantization.md. */
  static Tensor ofInput(Tensor real, TensorType type) {
    return new Quantize().evaluate(List.of(real), type, Rounding.DOUBLE);
  }

  /** The real numbers of a filter quantised per channel. */
  static float[] real(Tensor filter) {
    int axis = filter.type().quant() instanceof QuantParams.PerChannel p ? p.axis() : 0;
    int inner = inner(filter, axis);
    int channels = filter.shape().dim(axis);
    float[] real = new float[filter.ints().length];
    for (int i = 0; i < real.length; i++) {
      real[i] = filter.type().scaleOf(i / inner % channels) * filter.ints()[i];
    }
    return real;
  }

  /** The range of a constant's elements. */
  static Range range(Tensor real) {
    float min = 0;
    float max = 0;
    for (float value : real.floats()) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new Range(min, max);
  }

  /**
   * The type of a filter: symmetric, a scale for each channel, such that the channel's bias still
   * fits an int32. By the scale of int8 the largest element is 127; with fewer bits it is the one
   * that loses least, as the squares of the elements' errors say, and elements beyond are clipped.
   *
   * @param bias an element for each channel, in the same order
   */
  static TensorType filterType(
      Tensor filter, int axis, Tensor bias, float inputScale, WeightFormat format) {
    float[] largest = largest(filter, axis);
    float overall = 0;
    for (float each : largest) {
      overall = Math.max(overall, each);
    }
    // A channel without weights has no scale of its own; with that of others its bias stays fine.
    float other = overall > 0 ? overall / format.greatest() : 1;
    List<Float> scales = new ArrayList<>(largest.length);
    for (int channel = 0; channel < largest.length; channel++) {
      float scale =
          format == WeightFormat.INT8
              ? largest[channel] / format.greatest()
              : FilterScale.of(channel(filter, axis, channel), format);
      float least = leastScale(bias.floats()[channel], inputScale);
      scales.add(Math.max(scale >= Float.MIN_NORMAL ? scale : other, least));
    }
    return new TensorType(DType.INT8, filter.shape(), new QuantParams.PerChannel(axis, scales));
  }

  /** The least scale of a channel by which its bias fits an int32. */
  static float leastScale(float bias, float inputScale) {
    return (float) (Math.abs((double) bias) / inputScale / LARGEST_BIAS);
  }

  /** The elements of one channel. */
  private static float[] channel(Tensor filter, int axis, int channel) {
    int inner = inner(filter, axis);
    int channels = filter.shape().dim(axis);
    float[] elements = new float[filter.floats().length / channels];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = filter.floats()[(i / inner * channels + channel) * inner + i % inner];
    }
    return elements;
  }

  private static float[] largest(Tensor filter, int axis) {
    float[] largest = new float[filter.shape().dim(axis)];
    int inner = inner(filter, axis);
    for (int i = 0; i < filter.floats().length; i++) {
      int channel = i / inner % largest.length;
      largest[channel] = Math.max(largest[channel], Math.abs(filter.floats()[i]));
    }
    return largest;
  }

  /** The elements between two neighbours of an axis. */
  static int inner(Tensor tensor, int axis) {
    int inner = 1;
    for (int i = axis + 1; i < tensor.shape().rank(); i++) {
      inner *= tensor.shape().dim(i);
    }
    return inner;
  }

  /** A filter in a type quantised per channel. */
  static Tensor filter(Tensor filter, TensorType type, int axis, WeightFormat format) {
    int inner = inner(filter, axis);
    int channels = filter.shape().dim(axis);
    int[] stored = new int[type.elements()];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = format.nearest((double) filter.floats()[i] / type.scaleOf(i / inner % channels));
    }
    return Tensor.ofInts(type, stored);
  }

  /** A bias as int32 of scale s_in * s_w: rule Q1 of quantization.md. */
  static Tensor bias(Tensor bias, float inputScale, TensorType filter) {
    int[] stored = new int[bias.type().elements()];
    for (int i = 0; i < stored.length; i++) {
      double scale = (double) inputScale * filter.scaleOf(i);
      long rounded = Math.round(bias.floats()[i] / scale);
      stored[i] = Math.clamp(rounded, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return Tensor.ofInts(TensorType.of(DType.INT32, bias.shape()), stored);
  }
}
