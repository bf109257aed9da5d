package dev.thimble.quant;

import dev.thimble.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What samples showed of one value of a float network. */
final class ValueStatistics {
  /** What the newest sample weighs in a moving average. */
  private static final float NEWEST = 0.01f;

  private final Histogram histogram = new Histogram();
  private float min = Float.POSITIVE_INFINITY;
  private float max = Float.NEGATIVE_INFINITY;
  private float averageMin = Float.NaN;
  private float averageMax = Float.NaN;
  private float[] channels = new float[0];
  private final List<float[]> pending = new ArrayList<>();

  /** Takes in a sample's elements; returns the index of one that is not finite, or -1. */
  int add(Tensor tensor) {
    float[] values = tensor.floats();
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    if (channels.length == 0) {
      channels = new float[tensor.shape().rank() == 0 ? 1 : tensor.shape().dim(-1)];
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return i;
      }
      int channel = i % channels.length;
      channels[channel] = Math.max(channels[channel], Math.abs(values[i]));
      lowest = Math.min(lowest, values[i]);
      highest = Math.max(highest, values[i]);
    }
    histogram.add(values, Math.max(Math.abs(lowest), Math.abs(highest)));
    min = Math.min(min, lowest);
    max = Math.max(max, highest);
    pending.add(new float[] {lowest, highest});
    return -1;
  }

  /** The extremes of the sample that this took in {@code n} samples ago in the present block. */
  float[] pending(int index) {
    return pending.get(index);
  }

  int pendingCount() {
    return pending.size();
  }

  void forgetPending() {
    pending.clear();
  }

  /** Moves the averages towards the extremes of the next sample. */
  void average(float lowest, float highest) {
    if (Float.isNaN(averageMin)) {
      averageMin = lowest;
      averageMax = highest;
    } else {
      averageMin += NEWEST * (lowest - averageMin);
      averageMax += NEWEST * (highest - averageMax);
    }
  }

  /** Takes in what another saw, its averages aside. */
  void add(ValueStatistics other) {
    histogram.add(other.histogram);
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    if (channels.length == 0) {
      channels = other.channels.clone();
    }
    for (int i = 0; i < other.channels.length; i++) {
      channels[i] = Math.max(channels[i], other.channels[i]);
    }
  }

  /** The largest magnitude of each channel: of each index of the last axis. */
  float[] channels() {
    return channels.clone();
  }

  Histogram histogram() {
    return histogram;
  }

  /** All that was seen. */
  Range seen() {
    return new Range(min, max);
  }

  /** The moving average of the samples' extremes. */
  Range average() {
    return new Range(averageMin, averageMax);
  }
}
