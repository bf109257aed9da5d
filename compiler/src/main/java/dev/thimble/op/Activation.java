package dev.thimble.op;

import dev.thimble.tensor.TensorType;

/** A clamp that a node applies to its result before it stores it. */
public enum Activation {
  NONE(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
  RELU(0, Float.POSITIVE_INFINITY),
  RELU6(0, 6),
  RELU_N1_TO_1(-1, 1);

  private final float min;
  private final float max;

  Activation(float min, float max) {
    this.min = min;
    this.max = max;
  }

  /** The smallest real result. */
  public float min() {
    return min;
  }

  /** The largest real result. */
  public float max() {
    return max;
  }

  /** A real number clamped to the activation's range. */
  public float clamp(float value) {
    return value < min ? min : value > max ? max : value;
  }

  /** The smallest stored result of a quantised type: quantization.md, rule Q5. */
  public int quantizedMin(TensorType type) {
    return bound(type, min);
  }

  /** The largest stored result of a quantised type: quantization.md, rule Q5. */
  public int quantizedMax(TensorType type) {
    return bound(type, max);
  }

  /** The stored number that stands for a real bound: quantization.md, rule Q5. */
  static int bound(TensorType type, float real) {
    int lowest = type.dtype().minValue();
    int highest = type.dtype().maxValue();
    if (Float.isInfinite(real)) {
      return real < 0 ? lowest : highest;
    }
    long stored = type.zeroPoint() + (long) FixedPoint.roundHalfAway(real / type.scale());
    return Math.clamp(stored, lowest, highest);
  }
}
