package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.List;

/**
 * A piece of the arena and the steps during which it is in use.
 *
 * @param kind what it holds, as the report's sums distinguish it
 * @param values the values that it holds, one after the other where they share it in place; none
 *     for scratch
 * @param bytes its size
 * @param alignment what its offset must be a multiple of
 * @param first the first step that uses it; -1 for graph inputs, which are written before the first
 * @param last the last step that uses it, inclusive; the number of steps for graph outputs, which
 *     are read after the last
 */
public record Buffer(
    String name, Kind kind, List<Value> values, long bytes, int alignment, int first, int last) {
  /** What a buffer holds. */
  public enum Kind {
    STATE,
    INPUT,
    OUTPUT,
    ACTIVATION,
    SCRATCH
  }

  public Buffer {
    values = List.copyOf(values);
  }
}
