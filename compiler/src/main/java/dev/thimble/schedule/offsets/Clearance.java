package dev.thimble.schedule.offsets;

import java.util.Locale;

/**
 * A rule for two blocks beside that of their parts: {@code offset(second) - offset(first)} must not
 * lie strictly between {@code low} and {@code high}. Several rules for one pair all hold.
 *
 * @param first the index of a block in the problem
 * @param second the index of another block
 * @param low the largest allowed difference below the forbidden ones, in bytes
 * @param high the smallest allowed difference above the forbidden ones, in bytes
 */
public record Clearance(int first, int second, long low, long high) {
  public Clearance {
    if (first == second) {
      throw new IllegalArgumentException("clearance between block " + first + " and itself");
    }
    if (Math.max(Math.abs(low), Math.abs(high)) > Problem.MOST_BYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "clearance from %d to %d bytes: expected at most %d in magnitude",
              low,
              high,
              Problem.MOST_BYTES));
    }
  }
}
