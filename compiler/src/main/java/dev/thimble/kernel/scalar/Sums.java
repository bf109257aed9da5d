package dev.thimble.kernel.scalar;

import dev.thimble.kernel.FilterParameters;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.Selection;
import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.Multiplier;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sums of a node with a filter: what they start from, how large they can be, and how they are
 * requantised.
 *
 * @param bias of each channel, with the input's zero point folded in
 * @param ranges the ends of each channel's whole sums
 */
record Sums(ConvolutionQuantization quantization, int[] bias, List<Range> ranges) {
  /** Sums of less than this magnitude are requantised by the fast instructions. */
  private static final long FAST_BOUND = 1L << 23;

  /** The largest right shift whose rounding, with the zero point, fits a word. */
  private static final int MAX_RIGHT_SHIFT = 22;

  /** Those of a depthwise convolution. */
  static Sums of(DepthwiseConv2d op, KernelRequest request) {
    return of(
        FilterParameters.quantization(request),
        FilterParameters.bias(request),
        Selection.constant(request, 1, "filter").ints(),
        true);
  }

  /** For a filter [O][taps], or [taps][O] with {@code channelsLast}. */
  static Sums of(
      ConvolutionQuantization quantization, int[] bias, int[] filter, boolean channelsLast) {
    int zeroPoint = quantization.inputZeroPoint();
    List<Range> ranges =
        IntStream.range(0, bias.length)
            .mapToObj(channel -> Range.of(zeroPoint, bias, filter, channelsLast, channel))
            .toList();
    return new Sums(
        quantization, FilterParameters.foldedBias(bias, filter, channelsLast, zeroPoint), ranges);
  }

  /** The least and the greatest sum of bias and products that a channel can have. */
  record Range(long least, long greatest) {
    static Range of(int zeroPoint, int[] bias, int[] filter, boolean channelsLast, int channel) {
      int taps = filter.length / bias.length;
      long least = bias[channel];
      long greatest = bias[channel];
      for (int tap = 0; tap < taps; tap++) {
        int w = filter[channelsLast ? tap * bias.length + channel : channel * taps + tap];
        least -= Math.abs(w) * (long) (w < 0 ? 127 - zeroPoint : 128 + zeroPoint);
        greatest += Math.abs(w) * (long) (w < 0 ? 128 + zeroPoint : 127 - zeroPoint);
      }
      return new Range(least, greatest);
    }

    /** The largest magnitude. */
    long bound() {
      return Math.max(-least, greatest);
    }

    /**
     * Whether no sum reaches 2^23 and the shift goes to the right, by 1 to 22. The rounding high
     * multiply can then be put together of few instructions without overflow.
     */
    boolean isFast(Multiplier multiplier) {
      return bound() < FAST_BOUND
          && multiplier.shift() < 0
          && multiplier.shift() >= -MAX_RIGHT_SHIFT;
    }

    /**
     * Whether the output's zero point can be added to a sum times its multiplier, less 24 bits,
     * before the shift to the right: whether what comes of it always fits a word.
     */
    boolean foldsZeroPoint(Multiplier multiplier, int outputZeroPoint) {
      long rounding = Math.abs(2L * outputZeroPoint + 1) << (6 - multiplier.shift());
      return isFast(multiplier) && (bound() << 7) + rounding < Integer.MAX_VALUE - 256;
    }
  }

  /** The largest magnitude of any channel's sum. */
  long bound() {
    return ranges.stream().mapToLong(Range::bound).max().orElse(0);
  }

  /** Whether every channel's sums are requantised by few instructions. */
  boolean isFast() {
    return channels().allMatch(i -> ranges.get(i).isFast(multiplier(i)));
  }

  /** The same with the output's zero point added beforehand. */
  boolean foldsZeroPoint() {
    int zeroPoint = quantization.outputZeroPoint();
    return channels().allMatch(i -> ranges.get(i).foldsZeroPoint(multiplier(i), zeroPoint));
  }

  private IntStream channels() {
    return IntStream.range(0, bias.length);
  }

  Multiplier multiplier(int channel) {
    return quantization.channel(channel).multiplier();
  }
}
