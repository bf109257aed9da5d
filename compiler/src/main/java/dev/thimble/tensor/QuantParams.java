package dev.thimble.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * How stored integers stand for real numbers: {@code real = scale * (stored - zeroPoint)}. Source:
 * TensorFlow Lite 8-bit quantization specification.
 */
public sealed interface QuantParams {
  /** The stored numbers are the real numbers. */
  QuantParams NONE = new None();

  /** No quantisation: floats, indices and shapes. */
  record None() implements QuantParams {}

  /** One scale and zero point for the whole tensor. */
  record PerTensor(float scale, int zeroPoint) implements QuantParams {
    public PerTensor {
      requireScale(scale);
    }
  }

  /** A scale for each index of {@code axis}, symmetric: every zero point is 0. */
  record PerChannel(int axis, List<Float> scales) implements QuantParams {
    public PerChannel {
      scales = List.copyOf(scales);
      if (axis < 0) {
        throw new IllegalArgumentException("quantisation axis must be >= 0, was " + axis);
      }
      if (scales.isEmpty()) {
        throw new IllegalArgumentException("per-channel quantisation needs at least one scale");
      }
      scales.forEach(QuantParams::requireScale);
    }

    /** The parameters with only the channels at these indices, in their order. */
    public PerChannel select(List<Integer> channels) {
      List<Float> selected = new ArrayList<>(channels.size());
      channels.forEach(channel -> selected.add(scales.get(channel)));
      return new PerChannel(axis, selected);
    }
  }

  private static void requireScale(float scale) {
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException("a scale must be positive and finite, was " + scale);
    }
  }
}
