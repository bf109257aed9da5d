package dev.thimble.kernel;

/** The thresholds of {@code x >= threshold}, as a kernel's element type can hold them. */
final class Thresholds {
  /** No int8 reaches it, nor does a difference of two. */
  private static final int NEVER = 256;

  private Thresholds() {}

  /** The smallest integer that is at least the threshold, within what int8 elements can tell. */
  static int ofInts(double threshold) {
    return Double.isNaN(threshold) ? NEVER : (int) Math.clamp(Math.ceil(threshold), -NEVER, NEVER);
  }

  /** The smallest float that is at least the threshold. */
  static float ofFloats(double threshold) {
    float nearest = (float) threshold;
    return nearest < threshold ? Math.nextUp(nearest) : nearest;
  }
}
