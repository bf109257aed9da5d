package dev.thimble.quant;

import java.util.Locale;

/** How many bits each element of a quantised filter has. */
public enum WeightFormat {
  /** Symmetric: -128 stays unused. */
  INT8(8, -127, 127),
  INT4(4, -8, 7),
  INT2(2, -2, 1),
  /** -1 or 1. */
  BINARY(1, -1, 1);

  private final int bits;
  private final int least;
  private final int greatest;

  WeightFormat(int bits, int least, int greatest) {
    this.bits = bits;
    this.least = least;
    this.greatest = greatest;
  }

  /** The name that options use. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The bits of an element in flash. */
  public int bits() {
    return bits;
  }

  int greatest() {
    return greatest;
  }

  /** The bytes that so many elements take. */
  long bytes(long elements) {
    return (elements * bits + 7) / 8;
  }

  /** The element nearest to a quotient of a weight and a scale; halves are rounded up. */
  int nearest(double quotient) {
    if (this == BINARY) {
      return quotient < 0 ? -1 : 1;
    }
    return Math.clamp(Math.round(quotient), least, greatest);
  }

  /** How far it is from one element to the next. */
  int step() {
    return this == BINARY ? 2 : 1;
  }

  boolean holds(int element) {
    return element >= least && element <= greatest;
  }
}
