package dev.thimble.kernel.dsp;

import dev.thimble.kernel.KernelRequest;
import dev.thimble.tensor.Shape;

/** Estimates of a Cortex-M4's cycles, from the kernels' instructions. */
final class DspCosts {
  /** What a quad takes where its sums are mended. */
  private static final int MEND = 20;

  private DspCosts() {}

  /**
   * A convolution that computes so many pixels at a time.
   *
   * @param rows of a window
   * @param runs of adjoining elements of each of those rows
   */
  static long convolution(
      KernelRequest request, DspFilters filters, int pixels, int rows, int runs) {
    Shape out = request.output().shape();
    return (long) out.dim(0) * out.dim(1) * row(request, filters, pixels, out.dim(2), rows, runs);
  }

  /** So many pixels of a row of a convolution; the rest as above. */
  static long row(
      KernelRequest request, DspFilters filters, int pixels, int columns, int rows, int runs) {
    long pairs = pixels == 2 ? columns / 2 : 0;
    long extra =
        switch (pixels) {
          case 0 -> direct(filters) - 60;
          case DspConvolutions.GATHERED -> direct(filters) + 2L * filters.steps().whole() + 100;
          default -> 80L * rows * runs;
        };
    int groups = request.input().shape().dim(3) / request.inputs().get(1).shape().dim(3);
    long unpack = rows * (runs > 1 ? 160L * runs : 25) + (groups > 1 ? 150 : 0);
    return groups
        * (pairs * (pair(filters) + unpack) + (columns - 2 * pairs) * (one(filters) + extra));
  }

  /** What portable C takes at least for a convolution. */
  static long portable(KernelRequest request) {
    Shape filter = request.inputs().get(1).shape();
    long taps = (long) filter.dim(1) * filter.dim(2) * filter.dim(3);
    return request.output().elements() * (6 * taps + 30);
  }

  /** A matrix product whose rows are widened in the scratch memory, or on the way. */
  static long fullyConnected(int rows, DspFilters filters, boolean direct) {
    return rows * (one(filters) + (direct ? direct(filters) : 0));
  }

  /** What it costs to widen elements anew for each quad, beside a column. */
  private static long direct(DspFilters filters) {
    return filters.steps().whole() * (filters.quads() / 2L - 4);
  }

  private static long pair(DspFilters filters) {
    int steps = filters.steps().whole();
    int finish = (!filters.isFast() ? 112 : 76) + (filters.mends().isEmpty() ? 0 : MEND);
    return 80
        + 7L * steps
        + (long) filters.quads() * (steps * 16L + finish)
        + (long) filters.singles() * (steps * 9L + 50);
  }

  private static long one(DspFilters filters) {
    int steps = filters.steps().whole();
    int finish = (!filters.isFast() ? 75 : 55) + (filters.mends().isEmpty() ? 0 : MEND);
    return 110
        + 5L * steps
        + (long) filters.quads() * (steps * 10L + finish)
        + (long) filters.singles() * (steps * 7L + 40);
  }
}
