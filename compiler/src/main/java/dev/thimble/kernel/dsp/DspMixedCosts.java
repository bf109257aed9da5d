package dev.thimble.kernel.dsp;

import dev.thimble.kernel.KernelRequest;
import dev.thimble.tensor.Shape;

/** Estimates of a Cortex-M4's cycles for convolutions of int16, from the kernels' instructions. */
final class DspMixedCosts {
  private static final int LANES = 4;

  private DspMixedCosts() {}

  /**
   * A convolution that computes so many pixels at a time; 0 for one whose column is the map's row.
   *
   * @param runs of adjoining elements of a window
   * @param quick whether outputs take few instructions
   */
  static long convolution(KernelRequest request, int runs, int pixels, boolean quick) {
    Shape out = request.output().shape();
    Shape filter = request.inputs().get(1).shape();
    int groups = request.input().shape().dim(3) / filter.dim(3);
    int channels = filter.dim(0) / groups;
    long taps = (long) filter.dim(1) * filter.dim(2) * filter.dim(3);
    long fours = channels / LANES;
    long singles = channels % LANES;
    long steps = (taps + 1) / 2;
    long output = quick ? 25 : 90;
    long one = fours * (29 * steps / 2 + 130 + LANES * output) + singles * (7 * taps / 2 + 120);
    long pair = fours * (39 * steps / 2 + 130 + 2 * LANES * output) + singles * (7 * taps + 240);
    long pairs = pixels == 2 ? out.dim(2) / 2 : 0;
    long row =
        pairs * (pair + 270L * runs + 6 * steps + 60)
            + (out.dim(2) - 2 * pairs) * (one + (pixels == 0 ? 0 : 140L * runs + 5 * steps) + 60);
    return groups * row * out.dim(0) * out.dim(1);
  }

  /** A depthwise convolution. */
  static long depthwise(KernelRequest request, int taps, boolean quick) {
    Shape out = request.output().shape();
    long output = quick ? 25 : 90;
    long fours = out.dim(3) / LANES * (15L * taps + 130 + LANES * output);
    long rest = out.dim(3) % LANES * (9L * taps + 90);
    return (long) out.dim(0) * out.dim(1) * out.dim(2) * (fours + rest + 80 + 4L * taps);
  }

  /** What portable C takes at least. */
  static long portable(KernelRequest request) {
    Shape filter = request.inputs().get(1).shape();
    long taps = (long) filter.dim(1) * filter.dim(2) * filter.dim(3);
    return request.output().elements() * (4 * taps + 120);
  }
}
