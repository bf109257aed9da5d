package dev.thimble.kernel.dsp;

import dev.thimble.op.FixedPoint;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Rounding;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a channel's sum becomes its output.
 *
 * @param least the least that bias and products can sum to
 * @param greatest the most
 */
record ChannelRequantization(
    Multiplier multiplier, int zeroPoint, int min, int max, long least, long greatest) {
  /** The fast way's fixed point: the output is the high product shifted right by this. */
  private static final int FRACTION_BITS = 12;

  /** The bits by which the fast way scales a sum, which leaves room for a fraction. */
  private static final int SCALE_BITS = 8;

  /** What a multiplier's exponent becomes: 32 for the high word, 31 for the multiplier itself. */
  private static final int EXPONENT = FRACTION_BITS + 32 - SCALE_BITS - 31;

  /** The multiplier of a channel that is never above its minimum, so that any one serves. */
  private static final long STEEP = 1L << 30;

  private static final int TRIALS = 64;
  private static final long TRIAL_STEP = 16;
  private static final int MAX_SHIFT = 22;
  private static final long EXACT_LIMIT = 1L << 29;

  /**
   * The fast way: {@code (256 * sum + offset) * multiplier >> 44} is the output before it is
   * saturated.
   */
  record Fast(int multiplier, long offset) {}

  /** Whether the reference's own steps can be taken: a right shift that fits the kernels. */
  boolean isExact() {
    int shift = -multiplier.shift();
    boolean shifts = (shift >= 1 && shift <= MAX_SHIFT) || multiplier.multiplier() == 0;
    return shifts && least > -EXACT_LIMIT && greatest < EXACT_LIMIT;
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
    if (stored(greatest, rounding) <= min) {
      return fast(STEEP, rounding);
    }
    int right = -multiplier.shift() - EXPONENT;
    if (right < 0 || right > MAX_SHIFT || multiplier.multiplier() == 0) {
      return Optional.empty();
    }
    long half = right == 0 ? 0 : 1L << (right - 1);
    return fast((multiplier.multiplier() + half) >> right, rounding);
  }

  /**
   * Tries multipliers next to the rounded one too: they move the ranges by parts of a unit, and a
   * range is missed by one more often than by more.
   */
  private Optional<Fast> fast(long scaled, Rounding rounding) {
    long[] firsts = firsts(rounding);
    for (int i = 0; i < TRIALS; i++) {
      long tried = scaled + (i % 2 == 0 ? i : -i) * TRIAL_STEP;
      if (tried > 0 && tried <= Integer.MAX_VALUE) {
        OptionalLong offset = offset(tried, firsts);
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

  private OptionalLong offset(long scaled, long[] firsts) {
    long low = Long.MIN_VALUE;
    long high = Long.MAX_VALUE;
    for (int i = 0; i < firsts.length; i++) {
      long sum = firsts[i];
      long output = min + 1L + i;
      long needed = Math.ceilDiv(output << (FRACTION_BITS + 32), scaled);
      if (sum <= greatest) {
        low = Math.max(low, needed - (sum << SCALE_BITS));
      }
      if (sum > least) {
        high = Math.min(high, needed - 1 - ((sum - 1) << SCALE_BITS));
      }
    }
    if (low > high) {
      return OptionalLong.empty();
    }
    long offset = low == Long.MIN_VALUE ? Math.min(high, 0) : middle(low, high);
    boolean fits =
        (least << SCALE_BITS) + offset >= Integer.MIN_VALUE
            && (greatest << SCALE_BITS) + offset <= Integer.MAX_VALUE;
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
    return FixedPoint.requantize((int) sum, multiplier, rounding) + zeroPoint;
  }

  /** The exact way's right shift less one; a product with 0 may be shifted by anything. */
  int shiftLessOne() {
    return multiplier.multiplier() == 0 ? 0 : -multiplier.shift() - 1;
  }
}
