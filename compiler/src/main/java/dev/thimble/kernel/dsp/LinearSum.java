package dev.thimble.kernel.dsp;

import dev.thimble.op.AddQuantization;
import dev.thimble.op.Multiplier;
import dev.thimble.op.Rounding;
import java.util.Optional;

/**
 * A quantised addition as a linear function: {@code (start + (first * 256 * a >> 16) + (second *
 * 256 * b >> 16)) >> 16}, saturated to an int8, is the stored sum for every pair of int8 elements.
 */
record LinearSum(int first, int second, int start) {
  private static final int FRACTION_BITS = 16;
  private static final int ELEMENT_BITS = 8;
  private static final int VALUES = 256;

  /**
   * By how many parts of 2^28 the slopes are tried steeper. A tie goes away from zero, for which
   * steeper slopes allow.
   */
  private static final int[] STEEPER = {0, 64, 1024, 8192, -64, 16, 256, 4096, 32768, 131072};

  /** By how many units the slopes are tried apart from their rounded numbers. */
  private static final int[] APART = {0, 1, -1, 2, -2};

  /**
   * Finds the function. Every slope leaves a range of starts, which is empty where no start serves
   * all 65,536 pairs.
   */
  static Optional<LinearSum> of(AddQuantization q, Rounding rounding) {
    double output = real(q.output()) * (1 << AddQuantization.LEFT_SHIFT);
    double first = real(q.first()) * output * (1L << (2 * FRACTION_BITS - ELEMENT_BITS));
    double second = real(q.second()) * output * (1L << (2 * FRACTION_BITS - ELEMENT_BITS));
    if (Math.max(first, second) >= 1 << 30) {
      return Optional.empty();
    }
    byte[] sums = sums(q, rounding);
    for (int steeper : STEEPER) {
      for (int apart : APART) {
        double factor = 1 + Math.scalb((double) steeper, -28);
        int a = (int) Math.rint(first * factor) + apart;
        int b = (int) Math.rint(second * factor) + apart;
        Optional<LinearSum> found = with(a, b, sums, q);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static double real(Multiplier multiplier) {
    return Math.scalb((double) multiplier.multiplier(), multiplier.shift() - 31);
  }

  private static byte[] sums(AddQuantization q, Rounding rounding) {
    byte[] sums = new byte[VALUES * VALUES];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = (byte) q.apply((byte) (i / VALUES), (byte) i, rounding);
    }
    return sums;
  }

  private static Optional<LinearSum> with(int a, int b, byte[] sums, AddQuantization q) {
    int[] second = products(b);
    int[] first = products(a);
    long low = -(1L << 31) + (1L << 30);
    long high = 1L << 30;
    for (int i = 0; i < sums.length && low <= high; i++) {
      long products = (long) first[i / VALUES] + second[i % VALUES];
      int sum = sums[i];
      if (sum > q.min()) {
        low = Math.max(low, ((long) sum << FRACTION_BITS) - products);
      }
      if (sum < q.max()) {
        high = Math.min(high, ((long) (sum + 1) << FRACTION_BITS) - 1 - products);
      }
    }
    return low > high
        ? Optional.empty()
        : Optional.of(new LinearSum(a, b, (int) Math.floorDiv(low + high, 2)));
  }

  /** By the element as an unsigned byte. */
  private static int[] products(int slope) {
    int[] products = new int[VALUES];
    for (int i = 0; i < VALUES; i++) {
      products[i] = (int) (((long) slope * ((byte) i << ELEMENT_BITS)) >> FRACTION_BITS);
    }
    return products;
  }
}
