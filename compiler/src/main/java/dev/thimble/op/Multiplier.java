package dev.thimble.op;

/**
 * The real number {@code multiplier * 2^(shift - 31)} in fixed point: quantization.md, rule Q3. A
 * normalised multiplier lies in [2^30, 2^31) or is 0; a positive shift goes to the left. {@link
 * MeanQuantization} alone derives multipliers below 2^30.
 */
public record Multiplier(int multiplier, int shift) {
  public Multiplier {
    Checks.require(multiplier >= 0, "a multiplier must be >= 0, was " + multiplier);
    Checks.require(shift >= -31 && shift <= 31, "a shift must lie in [-31, 31], was " + shift);
  }

  /** The bits that an accumulator is shifted to the left before it is multiplied. */
  public int leftShift() {
    return Math.max(shift, 0);
  }
}
