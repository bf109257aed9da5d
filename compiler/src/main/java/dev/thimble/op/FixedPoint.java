package dev.thimble.op;

/** The fixed-point arithmetic of quantised networks; {@code docs/quantization.md} numbers its rules. */
public final class FixedPoint {
  private FixedPoint() {}

  /** The nearest integer, ties away from zero, as C's {@code roundf} has it. */
  public static float roundHalfAway(float value) {
    return (float) (Math.signum(value) * Math.floor(Math.abs((double) value) + 0.5));
  }
}
