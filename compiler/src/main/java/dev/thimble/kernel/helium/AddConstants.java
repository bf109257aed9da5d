package dev.thimble.kernel.helium;

import dev.thimble.op.AddQuantization;
import dev.thimble.op.Rounding;
import java.util.Optional;

/**
 * Constants such that {@code (first * a + second * b + offset) >> shift}, clamped, is the stored
 * sum of every two stored elements, and fits an int32 before the shift.
 */
public record AddConstants(int first, int second, int offset, int shift) {
  private static final int MOST_SHIFT = 23;
  private static final int LEAST_SHIFT = 17;

  /** How far from the nearest number the two factors are tried. */
  private static final int AROUND = 3;

  private static final int VALUES = 256;

  /** The constants of an addition, verified on all pairs of elements, or nothing. */
  public static Optional<AddConstants> of(
      AddQuantization quantization, double first, double second, Rounding rounding) {
    int[] sums = sums(quantization, rounding);
    for (int shift = MOST_SHIFT; shift >= LEAST_SHIFT; shift--) {
      long a = Math.round(first * (1L << shift));
      long b = Math.round(second * (1L << shift));
      if ((Math.abs(a) + Math.abs(b)) * 128 > Integer.MAX_VALUE / 2) {
        continue;
      }
      for (int distance = 0; distance <= AROUND; distance++) {
        for (int i = 0; i < (2 * distance + 1) * (2 * distance + 1); i++) {
          int da = i % (2 * distance + 1) - distance;
          int db = i / (2 * distance + 1) - distance;
          if (Math.max(Math.abs(da), Math.abs(db)) == distance) {
            Optional<AddConstants> found = with(quantization, sums, a + da, b + db, shift);
            if (found.isPresent()) {
              return found;
            }
          }
        }
      }
      if (shift < MOST_SHIFT - 2) {
        break;
      }
    }
    return Optional.empty();
  }

  private static int[] sums(AddQuantization quantization, Rounding rounding) {
    int[] sums = new int[VALUES * VALUES];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = quantization.apply((byte) (i / VALUES), (byte) (i % VALUES), rounding);
    }
    return sums;
  }

  /** Each sum bounds the offset from both sides, but one at a bound of the output from one. */
  private static Optional<AddConstants> with(
      AddQuantization quantization, int[] sums, long first, long second, int shift) {
    long least = Integer.MIN_VALUE;
    long most = Integer.MAX_VALUE;
    long lowest = Math.abs(first) * 128 + Math.abs(second) * 128;
    for (int i = 0; i < sums.length && least <= most; i++) {
      long product = first * (byte) (i / VALUES) + second * (byte) (i % VALUES);
      if (sums[i] > quantization.min()) {
        least = Math.max(least, ((long) sums[i] << shift) - product);
      }
      if (sums[i] < quantization.max()) {
        most = Math.min(most, ((sums[i] + 1L) << shift) - 1 - product);
      }
    }
    long offset = (least + most) / 2;
    boolean fits = Math.abs(offset) + lowest <= Integer.MAX_VALUE;
    return least <= most && fits
        ? Optional.of(new AddConstants((int) first, (int) second, (int) offset, shift))
        : Optional.empty();
  }
}
