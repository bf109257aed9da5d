package dev.thimble.importer.onnx;

import java.util.Optional;

/**
 * A filter of integers and its bias in two parts, the multiples of 16 and what is left. Sums of
 * products of up to 28 bits are exact in each, so that the sum of both is rounded once: as the
 * conversion of an int32 to a float is.
 *
 * @param upper the filter's multiples of 16
 * @param lower from -8 to 8
 */
record HalfSums(float[] upper, float[] lower, float[] upperBias, float[] lowerBias) {
  /** Below this, floats add integers exactly. */
  static final double EXACT = 1 << 24;

  /** The largest magnitude of a byte less its zero point. */
  private static final double LARGEST = 255;

  private static final int UNIT = 16;

  /**
   * The parts, where they are needed: if floats are to be those of the file, and a sum could be of
   * more than 24 bits. Throws {@link UnsupportedNode} where two parts are not enough.
   *
   * @param filter the weights of each output one after another
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
