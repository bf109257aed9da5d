package dev.thimble.op;

import dev.thimble.tensor.TensorType;
import java.util.function.UnaryOperator;

/**
 * What a softmax of int16 elements needs: rule Q71 of quantization.md. An element's distance to its
 * row's maximum is requantised by {@code input} to steps of 10/65535, whose exponential lies on a
 * line between entries of a table; so does the reciprocal of the exponentials' sum.
 */
public record WideSoftmaxQuantization(Multiplier input) {
  /** The entries of a row whose exponentials, all 1, still have a sum that fits 31 bits. */
  public static final int MAX_DEPTH = 65535;

  /** Distances have 17 bits: with this shift they fit an int32 before they are multiplied. */
  private static final int MAX_SHIFT = 14;

  private static final int STEPS = 512;
  private static final float DISTANCES = 65535;
  private static final float ELEMENTS = 65536;

  /**
   * The constants of a softmax. Throws {@link IllegalArgumentException} when {@code beta} times the
   * input's scale is 25 and more, which no scores have.
   */
  public static WideSoftmaxQuantization of(TensorType input, float beta, Rounding rounding) {
    Checks.symmetric(input);
    double real = (double) input.scale() * (double) beta / (10.0 / 65535.0);
    Checks.require(
        real < 1 << MAX_SHIFT,
        "input scale " + input.scale() + " times beta " + beta + " is too large");
    return new WideSoftmaxQuantization(FixedPoint.quantizeMultiplier(real, rounding));
  }

  /** exp(x) for x from -10 to 0, in units of 2^-15. */
  public static int[] exponentials() {
    return table(10 / DISTANCES, Short.MAX_VALUE, x -> (float) Math.exp(x));
  }

  /** 1 / (1 + x) for x from 0 to 1, in units of 2^-15. */
  public static int[] reciprocals() {
    return table(1 / DISTANCES, Short.MIN_VALUE, x -> 1 / (1 + x));
  }

  /** Entries that lie between a curve and its chords, in the reference's floats. */
  private static int[] table(float scale, int zeroPoint, UnaryOperator<Float> curve) {
    float lowest = scale * (Short.MIN_VALUE - zeroPoint);
    float highest = scale * (Short.MAX_VALUE - zeroPoint);
    float step = (highest - lowest) / STEPS;
    float unit = 2 / DISTANCES;
    float inverse = ELEMENTS / (unit * Short.MAX_VALUE - unit * Short.MIN_VALUE);
    int[] table = new int[STEPS + 1];
    for (int i = 0; i < STEPS; i++) {
      float at = lowest + i * step;
      float value = FixedPoint.roundHalfAway(curve.apply(at) * inverse);
      float next = curve.apply(lowest + (i + 1) * step) * inverse;
      float chord = FixedPoint.roundHalfAway((next + value) / 2);
      float middle = FixedPoint.roundHalfAway(curve.apply(at + step / 2) * inverse);
      table[i] = saturated(value - FixedPoint.roundHalfAway((chord - middle) / 2));
    }
    table[STEPS] = saturated(FixedPoint.roundHalfAway(curve.apply(highest) * inverse));
    return table;
  }

  private static int saturated(float value) {
    return (int) Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  private static int lookedUp(int value, int[] table) {
    int at = 256 + (value >> 7);
    int slope = table[at + 1] - table[at];
    return table[at] + ((slope * (value & 0x7F) + 64) >> 7);
  }

  /** The stored result of rows of {@code depth} stored elements. */
  int[] of(int[] elements, int depth, Rounding rounding) {
    int[] results = new int[elements.length];
    int[] exponentials = exponentials();
    int[] reciprocals = reciprocals();
    for (int row = 0; row < elements.length; row += depth) {
      int max = Short.MIN_VALUE;
      for (int i = row; i < row + depth; i++) {
        max = Math.max(max, elements[i]);
      }
      int sum = 0;
      for (int i = row; i < row + depth; i++) {
        int distance = FixedPoint.requantize(elements[i] - max, input, rounding);
        results[i] = lookedUp(Math.max(distance + Short.MAX_VALUE, Short.MIN_VALUE), exponentials);
        sum += results[i];
      }
      // Shifted up to begin with a 1 bit, the sum is 1 plus a fraction.
      int headroom = Integer.numberOfLeadingZeros(sum);
      int fraction = (int) ((((long) sum << (headroom - 1)) + (1 << 13)) >> 14) - (3 << 15);
      int reciprocal = lookedUp(Math.min(fraction, Short.MAX_VALUE), reciprocals);
      int shift = 31 - headroom;
      for (int i = row; i < row + depth; i++) {
        int result = (results[i] * reciprocal + (1 << (shift - 1))) >> shift;
        results[i] = Math.clamp(result, 0, Short.MAX_VALUE);
      }
    }
    return results;
  }
}
