package dev.thimble.schedule;

import dev.thimble.schedule.offsets.Part;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What fills the arena at the tick with the most bytes in use; the first of them, where several
 * have as many. All sums are in bytes and add up to the arena's size.
 *
 * @param peakTick that tick, as {@link Timeline} counts
 * @param peakStep the step that it belongs to; -1 before the first, the number of steps after the
 *     last
 * @param input graph inputs, until something overwrites them
 * @param output graph outputs
 * @param activations all other values, and rows of streams
 * @param scratch the working memory of kernels, and copies of weights
 * @param holes what is left of the arena
 * @param buffers the parts of every buffer, by the buffers' first use
 */
public record ArenaUse(
    int peakTick,
    int peakStep,
    long state,
    long input,
    long output,
    long activations,
    long scratch,
    long holes,
    List<Entry> buffers) {
  /**
   * A range of bytes of a buffer and the ticks at which it is in use, both inclusive: entries of a
   * common tick never overlap.
   */
  public record Entry(String name, long offset, long bytes, int first, int last) {}

  public ArenaUse {
    buffers = List.copyOf(buffers);
  }

  public static ArenaUse of(MemoryPlan plan) {
    int peak = peakTick(plan);
    Map<Buffer.Kind, Long> sums = new EnumMap<>(Buffer.Kind.class);
    long used = 0;
    for (Buffer buffer : plan.planned()) {
      for (Part part : buffer.block().parts()) {
        if (part.first() <= peak && peak <= part.last()) {
          sums.merge(buffer.kind(), part.bytes(), Long::sum);
          used += part.bytes();
        }
      }
    }
    return new ArenaUse(
        peak,
        Timeline.of(plan.schedule()).step(peak),
        sums.getOrDefault(Buffer.Kind.STATE, 0L),
        sums.getOrDefault(Buffer.Kind.INPUT, 0L),
        sums.getOrDefault(Buffer.Kind.OUTPUT, 0L),
        sums.getOrDefault(Buffer.Kind.ACTIVATION, 0L),
        sums.getOrDefault(Buffer.Kind.SCRATCH, 0L) + sums.getOrDefault(Buffer.Kind.WEIGHTS, 0L),
        plan.arenaBytes() - used,
        plan.buffers().stream().flatMap(ArenaUse::entries).toList());
  }

  private static Stream<Entry> entries(MemoryPlan.Placed placed) {
    return placed.buffer().block().parts().stream()
        .map(part ->
            new Entry(
                placed.buffer().name(),
                placed.offset() + part.offset(),
                part.bytes(),
                part.first(),
                part.last()));
  }

  private static int peakTick(MemoryPlan plan) {
    SortedMap<Integer, Long> changes = new TreeMap<>();
    for (Buffer buffer : plan.planned()) {
      for (Part part : buffer.block().parts()) {
        changes.merge(part.first(), part.bytes(), Long::sum);
        changes.merge(part.last() + 1, -part.bytes(), Long::sum);
      }
    }
    int peak = Timeline.BEFORE;
    long most = 0;
    long sum = 0;
    for (Map.Entry<Integer, Long> change : changes.entrySet()) {
      sum += change.getValue();
      if (sum > most) {
        most = sum;
        peak = change.getKey();
      }
    }
    return peak;
  }
}
