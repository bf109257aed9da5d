package dev.thimble.peers;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.TensorBytes;

/** How far two runtimes' results for one network lie apart; the worst of all that was added. */
final class Agreement {
  /** The words for results that are the same bytes. */
  static final String EQUAL = "bit for bit";

  private boolean equal = true;
  private boolean shaped = true;
  private long steps;
  private double error;

  /**
   * Adds one output: what the reference evaluation computes, and what the peer does.
   *
   * @param scale what errors of floats are measured by where all of the output is smaller
   */
  void add(DType dtype, byte[] expected, byte[] got, float scale) {
    if (expected.length != got.length) {
      shaped = false;
      return;
    }
    equal &= java.util.Arrays.equals(expected, got);
    int elements = expected.length / dtype.bytes();
    if (dtype.isFloat()) {
      addFloats(dtype, expected, got, scale);
      return;
    }
    for (int i = 0; i < elements; i++) {
      long distance = TensorBytes.integer(expected, dtype, i) - TensorBytes.integer(got, dtype, i);
      steps = Math.max(steps, Math.abs(distance));
    }
  }

  private void addFloats(DType dtype, byte[] expected, byte[] got, float scale) {
    double largest = scale;
    double worst = 0;
    for (int i = 0; i < expected.length / dtype.bytes(); i++) {
      double a = TensorBytes.element(expected, dtype, i);
      double b = TensorBytes.element(got, dtype, i);
      if (Double.compare(a, b) == 0 || a == b) {
        largest = Math.max(largest, Double.isFinite(a) ? Math.abs(a) : 0);
        continue;
      }
      boolean finite = Double.isFinite(a) && Double.isFinite(b);
      worst = Math.max(worst, finite ? Math.abs(a - b) : Double.POSITIVE_INFINITY);
      largest = Math.max(largest, finite ? Math.abs(a) : 0);
    }
    error = Math.max(error, worst == 0 ? 0 : worst / largest);
  }

  /**
   * The agreement in words. Errors of floats are given as the next power of ten, which does not
   * change with the processor.
   */
  String text() {
    if (!shaped) {
      return "outputs of other sizes";
    }
    if (equal) {
      return EQUAL;
    }
    if (steps > 1) {
      return steps + " steps apart";
    }
    if (steps == 1) {
      return "within one step";
    }
    if (error == 0) {
      return "equal numbers";
    }
    if (!Double.isFinite(error)) {
      return "infinite or not a number on one side";
    }
    // Below float's own precision the power would only count how small the smallest outputs are.
    return "relative error below 1e" + Math.max(-7, (int) Math.ceil(Math.log10(error)));
  }
}
