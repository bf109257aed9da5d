package dev.thimble.kernel.cost;

import java.util.Locale;

/** A kind of work that kernels do; the cycles of each are what a target's table lists. */
public enum Unit {
  /** A product of a convolution whose output channel is one of a block of four. */
  MAC,
  /** A product of an output channel that no such block takes in. */
  SINGLE_MAC,
  /** A product of either kind whose input lies outside of the map. */
  PADDED_MAC,
  /** A filter's position, once for each output element; of a pooling, an element of a window. */
  TAP,
  /** A beginning of an innermost loop: of a block of channels, once for each kernel row. */
  RUN,
  /** A pixel of the output's map. */
  PIXEL,
  /** An element of the output; of a copy, a byte. */
  OUTPUT,
  /** An element of the first input. */
  ELEMENT,
  /** A row of the output's map, times the input rows that it is computed from. */
  ROW,
  /** The node as such. */
  CALL;

  /** The name in tables. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
