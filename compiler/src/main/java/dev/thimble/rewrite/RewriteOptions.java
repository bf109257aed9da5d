package dev.thimble.rewrite;

import dev.thimble.op.Rounding;

/**
 * What the rules need to know.
 *
 * @param rounding how the compiled network will requantize: constants are folded by it
 * @param growthLimit the bytes by which a folded constant may exceed the constants it is made of:
 *     flash is what folding costs, and what it saves is time
 * @param stepLimit how many times rules may apply before the engine gives up
 * @param keepRounded whether floats that are rounded to integers later on keep every bit, as they
 *     must where the result is compared with the network as it was: next to a tie the last bit
 *     decides over a whole step
 */
public record RewriteOptions(
    Rounding rounding, int growthLimit, int stepLimit, boolean keepRounded) {
  private static final int GROWTH_LIMIT = 64 * 1024;
  private static final int STEP_LIMIT = 100_000;

  /** The usual limits: 64 KiB of growth, 100,000 steps. What is rounded keeps every bit. */
  public static RewriteOptions of(Rounding rounding) {
    return new RewriteOptions(rounding, GROWTH_LIMIT, STEP_LIMIT, true);
  }

  /**
   * For a network that is made one of integers afterwards: constants may grow without limit, and
   * nothing need keep its last bit.
   */
  public static RewriteOptions beforeQuantizing() {
    return new RewriteOptions(Rounding.DOUBLE, Integer.MAX_VALUE, STEP_LIMIT, false);
  }
}
