package dev.thimble.cli;

import dev.thimble.quant.WeightFormat;

/** The kinds of elements that activations and filters may be asked to have. */
enum Precision {
  MODEL,
  FLOAT32,
  INT16,
  INT8,
  INT4,
  INT2,
  BINARY,
  MIXED,
  WEIGHTS_INT8,
  WEIGHTS_INT4;

  /** What single nodes may be asked to have. */
  static final Precision[] OF_NODES = {FLOAT32, INT16, INT8, INT4, INT2, BINARY};

  /** The format of the filters of a network that is quantised so. */
  WeightFormat format() {
    return switch (this) {
      case MODEL, FLOAT32, INT16, INT8, MIXED, WEIGHTS_INT8 -> WeightFormat.INT8;
      case INT4, WEIGHTS_INT4 -> WeightFormat.INT4;
      case INT2 -> WeightFormat.INT2;
      case BINARY -> WeightFormat.BINARY;
    };
  }

  /** Whether filters alone are stored with few bits, and all else stays float32. */
  boolean ofFilters() {
    return this == WEIGHTS_INT8 || this == WEIGHTS_INT4;
  }
}
