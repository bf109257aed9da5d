package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What fills the arena at the step with the most bytes in use; the first of them, where several
 * have as many. All sums are in bytes and add up to the arena's size.
 *
 * @param peakStep that step's index; -1 before the first, the number of steps after the last
 * @param input graph inputs, until something overwrites them in place
 * @param output graph outputs
 * @param activations all other values, and rings
 * @param scratch the working memory of the step's kernels
 * @param holes what is left of the arena
 * @param buffers every buffer, by first use
 */
public record ArenaUse(
    int peakStep,
    long state,
    long input,
    long output,
    long activations,
    long scratch,
    long holes,
    List<Entry> buffers) {
  /** A buffer's place and the steps that use it, both inclusive; see {@link Buffer}. */
  public record Entry(String name, long offset, long bytes, int first, int last) {}

  public ArenaUse {
    buffers = List.copyOf(buffers);
  }

  public static ArenaUse of(MemoryPlan plan) {
    int peak = peakStep(plan);
    Map<Value, Integer> written = writingSteps(plan.schedule());
    Map<Buffer.Kind, Long> sums = new EnumMap<>(Buffer.Kind.class);
    long used = 0;
    for (Buffer buffer : plan.planned()) {
      if (buffer.first() <= peak && peak <= buffer.last()) {
        sums.merge(kindAt(plan, buffer, peak, written), buffer.bytes(), Long::sum);
        used += buffer.bytes();
      }
    }
    return new ArenaUse(
        peak,
        sums.getOrDefault(Buffer.Kind.STATE, 0L),
        sums.getOrDefault(Buffer.Kind.INPUT, 0L),
        sums.getOrDefault(Buffer.Kind.OUTPUT, 0L),
        sums.getOrDefault(Buffer.Kind.ACTIVATION, 0L),
        sums.getOrDefault(Buffer.Kind.SCRATCH, 0L),
        plan.arenaBytes() - used,
        plan.buffers().stream().map(ArenaUse::entry).toList());
  }

  private static Entry entry(MemoryPlan.Placed placed) {
    Buffer buffer = placed.buffer();
    return new Entry(buffer.name(), placed.offset(), buffer.bytes(), buffer.first(), buffer.last());
  }

  private static int peakStep(MemoryPlan plan) {
    Offsets.Problem problem = new Offsets.Problem(plan.planned());
    int peak = -1;
    for (int step = 0; step <= plan.schedule().steps().size(); step++) {
      peak = problem.bytesAt(step) > problem.bytesAt(peak) ? step : peak;
    }
    return peak;
  }

  private static Map<Value, Integer> writingSteps(Schedule schedule) {
    Map<Value, Integer> written = new HashMap<>();
    for (int i = 0; i < schedule.steps().size(); i++) {
      for (Value output : schedule.steps().get(i).outputs()) {
        written.put(output, i);
      }
    }
    return written;
  }

  /** The kind of what a buffer holds at a step: of the last of its values written until then. */
  private static Buffer.Kind kindAt(
      MemoryPlan plan, Buffer buffer, int step, Map<Value, Integer> written) {
    if (buffer.values().size() < 2) {
      return buffer.kind();
    }
    Value held =
        buffer.values().stream()
            .filter(value -> written.getOrDefault(value, -1) <= step)
            .reduce((earlier, later) -> later)
            .orElse(buffer.values().getFirst());
    if (plan.schedule().graph().inputs().contains(held)) {
      return Buffer.Kind.INPUT;
    }
    return plan.schedule().graph().isOutput(held) ? Buffer.Kind.OUTPUT : Buffer.Kind.ACTIVATION;
  }
}
