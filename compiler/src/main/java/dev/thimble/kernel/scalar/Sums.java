package dev.thimble.kernel.scalar;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Selection;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Multiplier;

/**
 * The sums of a node with a filter: what they start from, how large they can be, and how they are
 * requantised.
 *
 * @param bias of each channel, with the input's zero point folded in
 * @param bound the largest magnitude of any channel's whole sum
 */
record Sums(ConvolutionQuantization quantization, int[] bias, long bound) {
  /** Sums of less than this magnitude are requantised by the fast instructions. */
  private static final long FAST_BOUND = 1L << 23;

  /** The largest right shift whose rounding, with the zero point, fits a word. */
  private static final int MAX_RIGHT_SHIFT = 22;

  /** The largest right shift before which the output's zero point can be added. */
  private static final int MAX_FOLDED_SHIFT = 15;

  /** Those of a depthwise convolution. */
  static Sums of(DepthwiseConv2d op, KernelRequest request) {
    return of(
        ConvolutionQuantization.of(
            request.input(),
            request.inputs().get(1),
            request.output(),
            op.activation(),
            request.rounding()),
        Selection.constant(request, 2, "bias").ints(),
        Selection.constant(request, 1, "filter").ints(),
        true);
  }

  /** For a filter [O][taps], or [taps][O] with {@code channelsLast}. */
  static Sums of(
      ConvolutionQuantization quantization, int[] bias, int[] filter, boolean channelsLast) {
    int zeroPoint = quantization.inputZeroPoint();
    int taps = filter.length / bias.length;
    long bound = 0;
    for (int channel = 0; channel < bias.length; channel++) {
      long least = bias[channel];
      long greatest = bias[channel];
      for (int tap = 0; tap < taps; tap++) {
        int w = filter[channelsLast ? tap * bias.length + channel : channel * taps + tap];
        least -= Math.abs(w) * (long) (w < 0 ? 127 - zeroPoint : 128 + zeroPoint);
        greatest += Math.abs(w) * (long) (w < 0 ? 128 + zeroPoint : 127 - zeroPoint);
      }
      bound = Math.max(bound, Math.max(-least, greatest));
    }
    return new Sums(
        quantization, FilterParameters.foldedBias(bias, filter, channelsLast, zeroPoint), bound);
  }

  /**
   * Whether no sum reaches 2^23 and every channel shifts to the right, by 1 to 22. The rounding
   * high multiply can then be put together of few instructions without overflow.
   */
  boolean isFast() {
    return bound < FAST_BOUND
        && quantization.multipliers().stream()
            .allMatch(m -> m.shift() < 0 && m.shift() >= -MAX_RIGHT_SHIFT);
  }

  /** Whether the output's zero point, shifted to the left, fits a word beside a product. */
  boolean foldsZeroPoint() {
    return quantization.multipliers().stream().allMatch(m -> m.shift() >= -MAX_FOLDED_SHIFT);
  }

  Multiplier multiplier(int channel) {
    return quantization.multipliers().get(channel);
  }
}
