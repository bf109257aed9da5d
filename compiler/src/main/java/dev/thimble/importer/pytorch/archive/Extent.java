package dev.thimble.importer.pytorch.archive;

import java.util.OptionalLong;

/**
 * An extent of a shape.
 *
 * @param value the number, unless the network was exported for any
 * @param expression what stands in the file: the number, or an expression of symbols such as {@code
 *     2*s0}
 */
public record Extent(OptionalLong value, String expression) {
  /** A number. */
  static Extent of(long value) {
    return new Extent(OptionalLong.of(value), Long.toString(value));
  }

  @Override
  public String toString() {
    return expression;
  }
}
