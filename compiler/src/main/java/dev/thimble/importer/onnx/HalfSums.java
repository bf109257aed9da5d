package dev.thimble.importer.onnx;

import java.util.Optional;

/**
 * A filter of integers and its bias, split in two so that floats sum them exactly. A float holds
 * integers of 24 bits; a sum of products may have 28. One part has the multiples of 16, whose sums
 * have 24 bits above the lowest four, and the other what is left, whose sums are small. Adding the
 * two sums then rounds once, as the conversion of an int32 to a float does.
 *
 * @param upper the nearest multiple of 16 to each weight, in the filter's order
 * @param lower what is left of each weight, from -8 to 8
 * @param upperBias for each output the multiple of 16 not above its bias
 * @param lowerBias what is left of each bias, from 0 to 15
 */
record HalfSums(float[] upper, float[] lower, float[] upperBias, float[] lowerBias) {
  /** Below this, floats add integers exactly. */
  private static final double EXACT = 1 << 24;

  /** The largest magnitude of a byte less its zero point. */
  private static final double LARGEST = 255;

  private static final int UNIT = 16;

  /**
   * The parts, where they are needed: if the import keeps the file's floats, and a sum could have
   * more than 24 bits.
   *
   * @param filter the weights of each output one after another
   * @param biases one for each output
   * @throws UnsupportedNode where sums of the two parts could have more than 24 bits, too
   */
  static Optional<HalfSums> of(OnnxNode at, float[] filter, long[] biases) {
    if (!at.model().roundsFloats() || fits(filter, biases, 1)) {
      return Optional.empty();
    }
    int outputs = biases.length;
    HalfSums half =
        new HalfSums(
            new float[filter.length],
            new float[filter.length],
            new float[outputs],
            new float[outputs]);
    long[] upperBias = new long[outputs];
    long[] lowerBias = new long[outputs];
    for (int i = 0; i < outputs; i++) {
      lowerBias[i] = Math.floorMod(biases[i], UNIT);
      upperBias[i] = biases[i] - lowerBias[i];
      half.lowerBias()[i] = lowerBias[i];
      half.upperBias()[i] = upperBias[i];
    }
    for (int i = 0; i < filter.length; i++) {
      half.upper()[i] = (float) (Math.rint(filter[i] / UNIT) * UNIT);
      half.lower()[i] = filter[i] - half.upper()[i];
    }
    if (!fits(half.upper(), upperBias, UNIT) || !fits(half.lower(), lowerBias, 1)) {
      throw new UnsupportedNode(
          "sums of more than 28 bits", "with --rounding float, sums that two floats hold exactly");
    }
    return Optional.of(half);
  }

  /** Whether floats hold all sums of products, with their biases, exactly. */
  static boolean fits(float[] filter, long[] biases) {
    return fits(filter, biases, 1);
  }

  /** Integers as floats. */
  static float[] floats(long[] integers) {
    float[] floats = new float[integers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = integers[i];
    }
    return floats;
  }

  /** Whether all sums are multiples of a unit that floats hold exactly. */
  private static boolean fits(float[] filter, long[] biases, int unit) {
    int each = filter.length / biases.length;
    for (int output = 0; output < biases.length; output++) {
      double largest = Math.abs((double) biases[output]);
      for (int i = output * each; i < (output + 1) * each; i++) {
        largest += LARGEST * Math.abs(filter[i]);
      }
      if (largest / unit >= EXACT) {
        return false;
      }
    }
    return true;
  }
}
