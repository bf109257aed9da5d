package dev.thimble.quant;

import dev.thimble.op.Bias;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Constants with elements of another type; quotients are rounded half up. */
final class Elements {
  private Elements() {}

  /** The real numbers that a tensor stands for; one that is not quantised as it is. */
  static Tensor floats(Tensor from) {
    TensorType type = from.type();
    if (type.isFloat() || !type.isQuantized()) {
      return from;
    }
    float[] real = new float[type.elements()];
    for (int i = 0; i < real.length; i++) {
      real[i] =
          switch (type.quant()) {
            case QuantParams.None n -> from.ints()[i];
            case QuantParams.PerTensor p -> p.scale() * (from.ints()[i] - p.zeroPoint());
            case QuantParams.PerChannel p ->
                p.scales().get(channel(type, p.axis(), i)) * from.ints()[i];
          };
    }
    return Tensor.ofFloats(TensorType.float32(type.shape().dims().clone()), real);
  }

  /** The real numbers of a bias, whose scale is that of the input times that of the filter. */
  static Tensor floats(Tensor bias, TensorType input, TensorType filter) {
    float[] real = new float[bias.type().elements()];
    for (int i = 0; i < real.length; i++) {
      float unit = Math.scalb(input.scale() * filter.scaleOf(i), -Bias.bits(bias.type()));
      real[i] = unit * bias.ints()[i];
    }
    return Tensor.ofFloats(TensorType.float32(bias.shape().dims().clone()), real);
  }

  /** A tensor of floats as int8 of a single scale. */
  static Tensor int8(Tensor from) {
    if (!from.type().isFloat()) {
      return from;
    }
    float scale = scale(largest(from, -1).getFirst());
    TensorType type = TensorType.int8(scale, 0, from.shape().dims().clone());
    return Tensor.ofInts(type, stored(from, new float[] {scale}, -1));
  }

  /** A filter as int8 with a scale for each channel. */
  static Tensor int8(Tensor filter, int axis) {
    List<Float> scales = largest(filter, axis).stream().map(Elements::scale).toList();
    float[] each = new float[scales.size()];
    for (int i = 0; i < each.length; i++) {
      each[i] = scales.get(i);
    }
    QuantParams quant = new QuantParams.PerChannel(axis, scales);
    return Tensor.ofInts(
        new TensorType(DType.INT8, filter.shape(), quant), stored(filter, each, axis));
  }

  /** A bias as int32. */
  static Tensor int32(Tensor bias, TensorType input, TensorType filter) {
    int[] stored = new int[bias.type().elements()];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = Math.round(bias.floats()[i] / (input.scale() * filter.scaleOf(i)));
    }
    return Tensor.ofInts(TensorType.of(DType.INT32, bias.shape()), stored);
  }

  private static int[] stored(Tensor from, float[] scales, int axis) {
    int[] stored = new int[from.type().elements()];
    for (int i = 0; i < stored.length; i++) {
      int channel = axis < 0 ? 0 : channel(from.type(), axis, i);
      stored[i] = Math.clamp(Math.round(from.floats()[i] / scales[channel]), -127, 127);
    }
    return stored;
  }

  /** The largest magnitude of each channel, or of the whole tensor for a negative axis. */
  private static List<Float> largest(Tensor from, int axis) {
    int channels = axis < 0 ? 1 : from.shape().dim(axis);
    float[] largest = new float[channels];
    for (int i = 0; i < from.type().elements(); i++) {
      int channel = axis < 0 ? 0 : channel(from.type(), axis, i);
      largest[channel] = Math.max(largest[channel], Math.abs(from.floats()[i]));
    }
    List<Float> list = new ArrayList<>();
    for (float each : largest) {
      list.add(each);
    }
    return list;
  }

  /** A scale that takes in the magnitude; 0 and what is no number have one too. */
  private static float scale(float largest) {
    return largest > 1e-20f && Float.isFinite(largest) ? largest / 127 : 1f / 127;
  }

  private static int channel(TensorType type, int axis, int element) {
    int inner = 1;
    for (int i = axis + 1; i < type.shape().rank(); i++) {
      inner *= type.shape().dim(i);
    }
    return element / inner % type.shape().dim(axis);
  }
}
