package dev.thimble.quant;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;

/**
 * The real numbers that a quantised tensor has to hold. A range always has zero in it: padding and
 * clamps are exact only where zero is a stored number.
 */
public record Range(float min, float max) {
  /** Steps of an int8 between its smallest and its largest number. */
  private static final int STEPS = 255;

  /** A span below which numbers count as zero: scales must multiply without vanishing. */
  private static final float SMALLEST = 1e-12f;

  public Range {
    if (!Float.isFinite(min) || !Float.isFinite(max)) {
      throw new IllegalArgumentException("a range must be finite, was " + min + " to " + max);
    }
    min = Math.min(min, 0);
    max = Math.max(max, 0);
  }

  /** The smallest range that has both in it. */
  Range and(Range other) {
    return new Range(Math.min(min, other.min), Math.max(max, other.max));
  }

  /** The step between stored numbers; that of a range of nothing but zero is 1. */
  float scale() {
    double span = (double) max - min;
    return span < SMALLEST ? 1 : (float) (span / STEPS);
  }

  /** The stored number of zero, rounded half up. */
  int zeroPoint() {
    return (int) Math.clamp(Math.round(Byte.MIN_VALUE - (double) min / scale()), -128L, 127L);
  }

  /** The int8 type of this range. */
  TensorType int8(Shape shape) {
    return new TensorType(DType.INT8, shape, new QuantParams.PerTensor(scale(), zeroPoint()));
  }

  /**
   * The int16 type of this range: symmetric, with the zero point 0, and of twice its span. A bit of
   * so many is well spent on what samples did not show.
   */
  TensorType int16(Shape shape) {
    double most = Math.max(-(double) min, max);
    float scale = most < SMALLEST ? 1 : (float) (2 * most / Short.MAX_VALUE);
    return new TensorType(DType.INT16, shape, new QuantParams.PerTensor(scale, 0));
  }
}
