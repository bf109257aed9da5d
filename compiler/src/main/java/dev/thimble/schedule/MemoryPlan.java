package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A schedule and the place of everything that it keeps in RAM.
 *
 * @param buffers every buffer, scratch included, with its offset in the arena, by first use
 * @param scratch for each step, the buffer of its kernels' working memory, if it needs any
 * @param arenaBytes the size of the arena: state, inputs, outputs, activations and scratch
 * @param lowerBound the largest sum of these buffers' bytes in use at one step: no offsets need
 *     less
 */
public record MemoryPlan(
    Strategy strategy,
    Schedule schedule,
    List<Placed> buffers,
    Map<Integer, Placed> scratch,
    long arenaBytes,
    long lowerBound) {
  /** A buffer and its offset from the arena's start, in bytes. */
  public record Placed(Buffer buffer, long offset) {}

  public MemoryPlan {
    buffers = List.copyOf(buffers);
    scratch = Map.copyOf(scratch);
  }

  /** Where the value lies, or nothing for constants and for values that are never stored. */
  public Optional<Placed> place(Value value) {
    return buffers.stream().filter(p -> p.buffer().values().contains(value)).findFirst();
  }

  /** The buffers without their offsets. */
  public List<Buffer> planned() {
    return buffers.stream().map(Placed::buffer).toList();
  }
}
