package dev.thimble.kernel.scalar;

import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the kernels for ARMv6-M requantise a node's channels, each by a {@link LinearRequantization}.
 *
 * @param words of each channel: what its sum starts from, the multiplier, and the range above the
 *     offset in two halves, in units of 2^rangeShift and 2^offsetShift
 * @param dips of each channel, or none
 * @param zero the output's zero point and a half, times 2^23, where there are dips
 */
record M0plusRequantization(
    int[][] words, Optional<int[]> dips, int rangeShift, int offsetShift, int zero) {
  private static final int MAX_UNIT = 8;
  private static final long START_LIMIT = 1L << 23;
  private static final int HALF = 0xFFFF;
  private static final int MAX_RANGE_SHIFT = 5;

  /** For a filter [O][taps], or [taps][O] with {@code channelsLast}; none where a channel's is. */
  static Optional<M0plusRequantization> of(
      Sums sums, int[] filter, boolean channelsLast, Rounding rounding) {
    return of(sums, filter, channelsLast, rounding, false)
        .or(() -> of(sums, filter, channelsLast, rounding, true));
  }

  /** With or without dips, which may all be 0. */
  static Optional<M0plusRequantization> of(
      Sums sums, int[] filter, boolean channelsLast, Rounding rounding, boolean dips) {
    List<LinearRequantization.Channel> channels = new ArrayList<>();
    List<long[]> firsts = new ArrayList<>();
    for (int channel = 0; channel < sums.bias().length; channel++) {
      channels.add(channel(sums, filter, channelsLast, channel, rounding));
      firsts.add(channels.getLast().firsts());
    }
    for (int unit = 0; unit <= MAX_UNIT; unit++) {
      List<LinearRequantization> found = new ArrayList<>();
      for (int i = 0; i < channels.size() && found.size() == i; i++) {
        LinearRequantization one =
            LinearRequantization.of(channels.get(i), firsts.get(i), dips, unit);
        if (!one.isMissing() && Math.abs(sums.bias()[i] - one.origin()) < START_LIMIT) {
          found.add(one);
        }
      }
      if (found.size() == channels.size()) {
        return packed(sums, found, unit, dips);
      }
    }
    return Optional.empty();
  }

  private static Optional<M0plusRequantization> packed(
      Sums sums, List<LinearRequantization> channels, int unit, boolean dips) {
    for (int shift = 0; shift <= MAX_RANGE_SHIFT; shift++) {
      int range = shift;
      if (channels.stream().allMatch(c -> fits(c, range))) {
        return Optional.of(packed(sums, channels, shift, unit, dips));
      }
    }
    return Optional.empty();
  }

  private static boolean fits(LinearRequantization channel, int shift) {
    int units = Math.ceilDiv(channel.least(), 1 << shift);
    return units <= HALF && units << shift <= channel.most();
  }

  private static M0plusRequantization packed(
      Sums sums, List<LinearRequantization> channels, int shift, int unit, boolean dips) {
    int[][] words = new int[channels.size()][];
    for (int i = 0; i < words.length; i++) {
      LinearRequantization channel = channels.get(i);
      int units = Math.ceilDiv(channel.least(), 1 << shift);
      int start = (int) (sums.bias()[i] - channel.origin());
      words[i] =
          new int[] {start, (int) channel.multiplier(), units << 16 | channel.offset() >> unit};
    }
    Optional<int[]> each =
        dips
            ? Optional.of(channels.stream().mapToInt(LinearRequantization::dip).toArray())
            : Optional.empty();
    ConvolutionQuantization quantization = sums.quantization();
    int fraction = LinearRequantization.FRACTION_BITS_WITH_DIPS;
    int point = quantization.outputZeroPoint();
    int zero = dips ? (point << fraction) + (1 << (fraction - 1)) : 0;
    return new M0plusRequantization(words, each, shift, unit, zero);
  }

  private static LinearRequantization.Channel channel(
      Sums sums, int[] filter, boolean channelsLast, int channel, Rounding rounding) {
    ConvolutionQuantization quantization = sums.quantization();
    int count = sums.bias().length;
    int taps = filter.length / count;
    long least = sums.bias()[channel];
    long greatest = least;
    for (int tap = 0; tap < taps; tap++) {
      int w = filter[channelsLast ? tap * count + channel : channel * taps + tap];
      least += Math.min(w * Byte.MIN_VALUE, w * Byte.MAX_VALUE);
      greatest += Math.max(w * Byte.MIN_VALUE, w * Byte.MAX_VALUE);
    }
    return new LinearRequantization.Channel(
        quantization.channel(channel),
        quantization.outputZeroPoint(),
        quantization.min(),
        quantization.max(),
        least,
        greatest,
        rounding);
  }

  /** Whether each sum, less its origin, has a magnitude below 2^23, so that two share a word. */
  boolean pairs(Sums sums) {
    for (int i = 0; i < words.length; i++) {
      long origin = sums.bias()[i] - (long) words[i][0];
      if (sums.bound() + Math.abs(origin) >= START_LIMIT) {
        return false;
      }
    }
    return true;
  }
}
