package dev.thimble.kernel.scalar;

import dev.thimble.op.ConvolutionQuantization;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Rounding;
import java.util.OptionalLong;

/**
 * A channel's requantisation by 32-bit arithmetic. With {@code t = sum - origin} the output is the
 * minimum where {@code t} is negative, the maximum where it is above a range, and else {@code v >>
 * f} with {@code v = t * high + (t * low >> 11) + (minimum + 1 << f) + offset} and f = 24. With
 * dips f is 23, and {@code v} is lowered by the dip where it is less than the output's zero point
 * and a half: there the sum is negative, and the reference rounds twice, ties away from zero.
 *
 * @param origin the first sum whose output is above the minimum
 * @param multiplier {@code high} times 2^11, plus {@code low}, in units of 2^-11-f
 * @param offset less than 2^16 times the unit in which it is stored
 * @param least the least range that serves
 * @param most the greatest
 */
record LinearRequantization(
    long origin, long multiplier, int offset, int dip, int least, int most) {
  static final int LOW_BITS = 11;
  private static final int OFFSET_BITS = 16;
  private static final int FRACTION_BITS = 24;

  /** Where there are dips, values are relative to the zero point, and reach twice as far. */
  static final int FRACTION_BITS_WITH_DIPS = 23;

  private static final long LOW_MASK = (1 << LOW_BITS) - 1;
  private static final int TRIALS = 64;
  private static final LinearRequantization MISSING = new LinearRequantization(0, 0, 0, 0, 0, -1);

  /** Above the greatest t, the product with {@code low} would not fit 32 bits. */
  private static final int MAX_RANGE = (1 << (32 - LOW_BITS)) - 1;

  /**
   * What a channel must compute.
   *
   * @param least the least that bias and products can sum to
   * @param greatest the most
   */
  record Channel(
      ConvolutionQuantization.Channel scale,
      int zeroPoint,
      int min,
      int max,
      long least,
      long greatest,
      Rounding rounding) {
    private int stored(long sum) {
      return scale.requantize((int) sum, rounding) + zeroPoint;
    }

    /** For each output above the minimum the first sum that comes to it, or greatest + 1. */
    long[] firsts() {
      long[] firsts = new long[max - min];
      long from = least;
      for (int i = 0; i < firsts.length; i++) {
        from = first(min + 1 + i, from);
        firsts[i] = from;
      }
      return firsts;
    }

    /** The first sum above the minimum, whether it can come about or not. */
    private long origin(long first) {
      if (first > least || stored(least) == min) {
        return first;
      }
      long below = least - MAX_RANGE;
      long above = least;
      while (above - below > 1) {
        long middle = (above + below) >> 1;
        if (stored(middle) <= min) {
          below = middle;
        } else {
          above = middle;
        }
      }
      return above;
    }

    /** The first sum from {@code from} on whose output is no less than this one. */
    private long first(int output, long from) {
      long below = from - 1;
      long above = from;
      long step = 1;
      while (above <= greatest && stored(above) < output) {
        below = above;
        above += step;
        step *= 2;
      }
      above = Math.min(above, greatest + 1);
      while (above - below > 1) {
        long middle = (above + below) >> 1;
        if (stored(middle) < output) {
          below = middle;
        } else {
          above = middle;
        }
      }
      return above;
    }
  }

  /** Whether there is none. */
  boolean isMissing() {
    return most < 0;
  }

  /**
   * Finds the constants, which are missing where there are none. Both functions of the sum, the
   * reference's and this one, are monotone; so they agree everywhere if they come to each output at
   * the same sum. For each output that asks for offsets of some range, and any offset that is in
   * all of them will do.
   *
   * @param firsts those of the channel
   * @param dips whether there may be a dip
   * @param unit the bits by which the offset is stored shifted, in 16 bits
   */
  static LinearRequantization of(Channel channel, long[] firsts, boolean dips, int unit) {
    if (firsts.length == 0 || firsts[0] > channel.greatest()) {
      return new LinearRequantization(channel.greatest() + 1, 0, 0, 0, 0, MAX_RANGE);
    }
    Multiplier multiplier = channel.scale().multiplier();
    int fraction = dips ? FRACTION_BITS_WITH_DIPS : FRACTION_BITS;
    int right = 31 - multiplier.shift() - fraction - LOW_BITS;
    long exact =
        right > 0
            ? Math.ceilDiv(multiplier.multiplier(), 1L << right)
            : (long) multiplier.multiplier() << -right;
    boolean twice = dips && channel.rounding() == Rounding.DOUBLE && multiplier.shift() <= 0;
    int dip = twice ? 1 << Math.max(0, fraction + multiplier.shift()) : 0;
    Search search = new Search(channel, firsts, channel.origin(firsts[0]), fraction, dip, unit);
    for (int i = 0; i < TRIALS; i++) {
      long tried = exact + (i % 2 == 0 ? -i : i) / 2;
      if (tried >= 0 && tried < 1L << 32) {
        LinearRequantization found = search.with(tried);
        if (!found.isMissing()) {
          return found;
        }
      }
    }
    return MISSING;
  }

  /** The constants of a channel for a given multiplier. */
  private record Search(
      Channel channel, long[] firsts, long origin, int fraction, int dip, int unit) {
    private LinearRequantization with(long multiplier) {
      long end = firsts[firsts.length - 1] - origin;
      OptionalLong offset = offset(multiplier);
      if (end > MAX_RANGE || offset.isEmpty()) {
        return MISSING;
      }
      int start = (int) offset.getAsLong();
      // From the last of the firsts on the output is the maximum, and stays so until it overflows.
      long limit = ((long) firsts.length << fraction) - 1 - start;
      int least = (int) Math.max(0, end - 1);
      if (product(least, multiplier) > limit) {
        return MISSING;
      }
      int below = least;
      int above = MAX_RANGE + 1;
      while (above - below > 1) {
        int middle = (above + below) >> 1;
        if (product(middle, multiplier) <= limit) {
          below = middle;
        } else {
          above = middle;
        }
      }
      return new LinearRequantization(origin, multiplier, start, dip, least, below);
    }

    private OptionalLong offset(long multiplier) {
      long low = 0;
      long high = (1L << (OFFSET_BITS + unit)) - 1;
      long from = Math.max(origin, channel.least());
      for (int i = 0; i < firsts.length; i++) {
        long sum = firsts[i];
        long needed = (long) i << fraction;
        if (sum <= channel.greatest()) {
          low = Math.max(low, needed + (sum < 0 ? dip : 0) - product(sum - origin, multiplier));
        }
        if (sum > from) {
          long before = product(sum - 1 - origin, multiplier);
          high = Math.min(high, needed - 1 + (sum - 1 < 0 ? dip : 0) - before);
        }
      }
      if (dip > 0) {
        // The sign that tells whether there is a dip must be that of the sum.
        long half = 1L << (fraction - 1);
        long zero = ((long) (channel.zeroPoint() - channel.min() - 1) << fraction) + half;
        long positive = Math.max(0, from);
        long negative = Math.min(-1, channel.greatest());
        if (positive <= channel.greatest()) {
          low = Math.max(low, zero - product(positive - origin, multiplier));
        }
        if (negative >= from) {
          high = Math.min(high, zero - 1 - product(negative - origin, multiplier));
        }
      }
      long offset = Math.ceilDiv((low + high) / 2, 1L << unit) << unit;
      offset = offset > high ? offset - (1L << unit) : offset;
      return low <= offset && offset <= high ? OptionalLong.of(offset) : OptionalLong.empty();
    }
  }

  private static long product(long t, long multiplier) {
    return t * (multiplier >> LOW_BITS) + ((t * (multiplier & LOW_MASK)) >> LOW_BITS);
  }
}
