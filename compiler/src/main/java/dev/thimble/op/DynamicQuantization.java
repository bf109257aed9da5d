package dev.thimble.op;

/**
 * How floats become int8 when a network runs: quantization.md, rule Q62. The results are the stored
 * numbers less their zero point; what is returned is their scale.
 */
final class DynamicQuantization {
  private static final int MOST = 127;

  private DynamicQuantization() {}

  /** Zero point 0; the largest magnitude becomes 127. */
  static float symmetric(float[] values, int start, int count, int[] centred) {
    float range = 0;
    for (int i = start; i < start + count; i++) {
      range = Math.max(range, Math.abs(values[i]));
    }
    if (range == 0) {
      return 1;
    }
    float inverse = MOST / range;
    for (int i = start; i < start + count; i++) {
      centred[i] = Math.clamp((long) FixedPoint.roundHalfAway(values[i] * inverse), -MOST, MOST);
    }
    return range / MOST;
  }

  /** The range of the values and 0 becomes that of int8, moved so that 0 is a stored number. */
  static float asymmetric(float[] values, int start, int count, int[] centred) {
    float least = 0;
    float most = 0;
    for (int i = start; i < start + count; i++) {
      least = Math.min(least, values[i]);
      most = Math.max(most, values[i]);
    }
    if (least == most) {
      return 1;
    }
    double exact = ((double) most - least) / 255;
    int zeroPoint = zeroPoint(least, most, exact);
    float scale = (float) exact;
    float inverse = 1 / scale;
    for (int i = start; i < start + count; i++) {
      long stored = (long) FixedPoint.roundHalfAway(zeroPoint + values[i] * inverse);
      centred[i] = Math.clamp(stored, Byte.MIN_VALUE, Byte.MAX_VALUE) - zeroPoint;
    }
    return scale;
  }

  private static int zeroPoint(double least, double most, double scale) {
    double fromLeast = Byte.MIN_VALUE - least / scale;
    double fromMost = Byte.MAX_VALUE - most / scale;
    double errorOfLeast = 128 + Math.abs(least / scale);
    double errorOfMost = 127 + Math.abs(most / scale);
    double real = errorOfLeast < errorOfMost ? fromLeast : fromMost;
    if (real <= Byte.MIN_VALUE) {
      return Byte.MIN_VALUE;
    }
    return real >= Byte.MAX_VALUE
        ? Byte.MAX_VALUE
        : (int) (Math.signum(real) * Math.floor(Math.abs(real) + 0.5));
  }
}
