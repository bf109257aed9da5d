package dev.thimble.quant.fold;

import dev.thimble.graph.Value;

/**
 * A value of the source as an int8 value of the folded network. The source's number is {@code scale
 * * (stored - zero point)}. The value's own scale differs where the source computes in the units of
 * stored numbers, as spelled-out integer arithmetic does.
 */
record Held(Value value, float scale) {
  /** A value in its own scale. */
  Held(Value value) {
    this(value, value.type().scale());
  }

  /** The source's number by the real one. */
  double unit() {
    return (double) scale / value.type().scale();
  }
}
