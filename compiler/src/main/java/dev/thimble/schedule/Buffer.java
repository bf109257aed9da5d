package dev.thimble.schedule;

import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.schedule.offsets.Block;
import java.util.Optional;

/**
 * A piece of the arena and the steps during which it is in use.
 *
 * @param kind what it holds, as the report's sums distinguish it
 * @param value the value that it holds, whole or some of its rows; of a state its current content;
 *     none for scratch and for what a stream that is fed remembers
 * @param scratchOf of working memory the first node of the call that needs it
 * @param slot of a value whose rows lie in slots the slot's number, else {@link #WHOLE}
 * @param block its size, its alignment, and the ticks at which each part of it is in use
 * @param first the first step that uses it; -1 for graph inputs, which are written before the first
 * @param last the last step that uses it, inclusive; the number of steps for graph outputs, which
 *     are read after the last
 */
public record Buffer(
    Kind kind,
    Optional<Value> value,
    Optional<Node> scratchOf,
    int slot,
    Block block,
    int first,
    int last) {
  /** The slot of a buffer that does not hold rows of a value one by one. */
  public static final int WHOLE = -1;

  /** What a buffer holds. */
  public enum Kind {
    STATE,
    INPUT,
    OUTPUT,
    ACTIVATION,
    SCRATCH,
    /** A copy of a step's constant tables: see {@link WeightCopy}. */
    WEIGHTS
  }

  public String name() {
    return block.name();
  }

  /** Whether any of it is in use at a tick, as {@link Timeline} counts. */
  public boolean isInUse(int tick) {
    return block.parts().stream().anyMatch(part -> part.first() <= tick && tick <= part.last());
  }

  public long bytes() {
    return block.bytes();
  }
}
