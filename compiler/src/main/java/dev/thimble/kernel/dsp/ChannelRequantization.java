package dev.thimble.kernel.dsp;

import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a channel's sum becomes its output.
 *
 * @param least the least that bias and products can sum to
 * @param greatest the most
 */
record ChannelRequantization(
    ConvolutionQuantization.Channel channel,
    int zeroPoint,
    int min,
    int max,
    long least,
    long greatest) {
  /** The fast way's fixed point: the output is the high product shifted right by this. */
  private static final int FRACTION_BITS = 12;

  /** The bits by which the fast way scales a sum, which leaves room for a fraction. */
  private static final int SCALE_BITS = 8;

  /** The same for filters of few bits, whose sums are smaller. */
  static final int FEW_SCALE_BITS = 12;

  /** The multiplier of a channel that is never above its minimum, so that any one serves. */
  private static final long STEEP = 1L << 30;

  private static final int TRIALS = 64;
  private static final long TRIAL_STEP = 16;
  private static final int MAX_SHIFT = 22;
  private static final int MAX_FRACTION_SHIFT = 15;
  private static final long EXACT_LIMIT = 1L << 29;

  /**
   * The fast way: {@code (256 * sum + offset) * multiplier >> 44} is the output before it is
   * saturated.
   */
  record Fast(int multiplier, long offset) {}

  /**
   * All channels of a filter.
   *
   * @param filter [O][taps]
   */
  static List<ChannelRequantization> of(
      int[] filter, int[] bias, ConvolutionQuantization quantization) {
    int taps = filter.length / bias.length;
    int zeroPoint = quantization.inputZeroPoint();
    List<ChannelRequantization> all = new ArrayList<>();
    for (int channel = 0; channel < bias.length; channel++) {
      long least = bias[channel];
      long greatest = bias[channel];
      for (int tap = channel * taps; tap < (channel + 1) * taps; tap++) {
        long one = (long) filter[tap] * (Byte.MIN_VALUE - zeroPoint);
        long other = (long) filter[tap] * (Byte.MAX_VALUE - zeroPoint);
        least += Math.min(one, other);
        greatest += Math.max(one, other);
      }
      all.add(
          new ChannelRequantization(
              quantization.channel(channel),
              quantization.outputZeroPoint(),
              quantization.min(),
              quantization.max(),
              least,
              greatest));
    }
    return all;
  }

  Multiplier multiplier() {
    return channel.multiplier();
  }

  /**
   * Whether the reference's own steps can be taken: a right shift that fits the kernels, and a
   * whole bias.
   */
  boolean isExact() {
    int shift = -multiplier().shift();
    boolean shifts = (shift >= 1 && shift <= MAX_SHIFT) || multiplier().multiplier() == 0;
    return shifts && isWhole() && least > -EXACT_LIMIT && greatest < EXACT_LIMIT;
  }

  /**
   * Whether the reference's own steps can be taken of 256 times a sum and the fraction of its bias:
   * with room for a zero point beside the product's upper half.
   */
  boolean isExactWithFraction(Rounding rounding) {
    int shift = -multiplier().shift();
    boolean shifts = (shift >= 1 && shift <= MAX_FRACTION_SHIFT) || multiplier().multiplier() == 0;
    return rounding == Rounding.SINGLE && shifts && pairs();
  }

  /** Whether the bias is whole. */
  boolean isWhole() {
    return channel.fraction() == 0;
  }

  /** Whether 256 times each sum fits 32 bits, as it must where two channels share halfwords. */
  boolean pairs() {
    return least >= -(1L << 23) && greatest < 1L << 23;
  }

  /**
   * Finds the fast way, or nothing where there is none. Both functions of the sum, the reference's
   * and the fast one, are monotone; so they agree everywhere if they come to each output at the
   * same sum. For each output that asks for offsets from a range of 256, and any offset that is in
   * all the ranges will do.
   */
  Optional<Fast> fast(Rounding rounding) {
    return fast(rounding, SCALE_BITS);
  }

  /** The same with sums that are multiplied by two to the power of these bits. */
  Optional<Fast> fast(Rounding rounding, int scaleBits) {
    if (stored(greatest, rounding) <= min) {
      return fast(STEEP, rounding, scaleBits);
    }
    // A multiplier's exponent: 32 for the high word, 31 for the multiplier itself.
    int right = -multiplier().shift() - (FRACTION_BITS + 32 - scaleBits - 31);
    if (right < 0 || right > MAX_SHIFT || multiplier().multiplier() == 0) {
      return Optional.empty();
    }
    long half = right == 0 ? 0 : 1L << (right - 1);
    return fast((multiplier().multiplier() + half) >> right, rounding, scaleBits);
  }

  /**
   * Tries multipliers next to the rounded one too: they move the ranges by parts of a unit, and a
   * range is missed by one more often than by more.
   */
  private Optional<Fast> fast(long scaled, Rounding rounding, int scaleBits) {
    long[] firsts = firsts(rounding);
    for (int i = 0; i < TRIALS; i++) {
      long tried = scaled + (i % 2 == 0 ? i : -i) * TRIAL_STEP;
      if (tried > 0 && tried <= Integer.MAX_VALUE) {
        OptionalLong offset = offset(tried, firsts, scaleBits);
        if (offset.isPresent()) {
          return Optional.of(new Fast((int) tried, offset.getAsLong()));
        }
      }
    }
    return Optional.empty();
  }

  /** For each output above the minimum the first sum that comes to it, or greatest + 1. */
  private long[] firsts(Rounding rounding) {
    long[] firsts = new long[max - min];
    long from = least;
    for (int i = 0; i < firsts.length; i++) {
      from = first(min + 1 + i, from, rounding);
      firsts[i] = from;
    }
    return firsts;
  }

  private OptionalLong offset(long scaled, long[] firsts, int scaleBits) {
    long low = Long.MIN_VALUE;
    long high = Long.MAX_VALUE;
    for (int i = 0; i < firsts.length; i++) {
      long sum = firsts[i];
      long output = min + 1L + i;
      long needed = Math.ceilDiv(output << (FRACTION_BITS + 32), scaled);
      if (sum <= greatest) {
        low = Math.max(low, needed - (sum << scaleBits));
      }
      if (sum > least) {
        high = Math.min(high, needed - 1 - ((sum - 1) << scaleBits));
      }
    }
    if (low > high) {
      return OptionalLong.empty();
    }
    long offset = low == Long.MIN_VALUE ? Math.min(high, 0) : middle(low, high);
    boolean fits =
        (least << scaleBits) + offset >= Integer.MIN_VALUE
            && (greatest << scaleBits) + offset <= Integer.MAX_VALUE;
    return fits ? OptionalLong.of(offset) : OptionalLong.empty();
  }

  private static long middle(long low, long high) {
    return high == Long.MAX_VALUE ? low : Math.floorDiv(low + high, 2);
  }

  /** The first sum from {@code from} on whose output is no less than this one, or greatest + 1. */
  private long first(int output, long from, Rounding rounding) {
    long below = from - 1;
    long above = from;
    long step = 1;
    while (above <= greatest && stored(above, rounding) < output) {
      below = above;
      above += step;
      step *= 2;
    }
    above = Math.min(above, greatest + 1);
    while (above - below > 1) {
      long middle = (above + below) >> 1;
      if (stored(middle, rounding) < output) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return above;
  }

  private int stored(long sum, Rounding rounding) {
    return channel.requantize((int) sum, rounding) + zeroPoint;
  }

  /** The fraction of the channel's bias, in units of 2^-8. */
  int fraction() {
    return channel.fraction();
  }

  /** The exact way's right shift less one; a product with 0 may be shifted by anything. */
  int shiftLessOne() {
    return multiplier().multiplier() == 0 ? 0 : -multiplier().shift() - 1;
  }
}
