package dev.thimble.schedule;

import dev.thimble.graph.Value;
import dev.thimble.schedule.offsets.Part;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** How many bytes are in use at each turn of a stream. */
final class StreamBytes {
  private final int turns;

  /** By turn, what comes into use less what went out of use before it. */
  private final long[] changes;

  /**
   * Adds everything up.
   *
   * @param before the values that lie whole in memory when the stream begins
   * @param dies whether such a value is not used after the stream
   */
  StreamBytes(Step.Stream stream, List<Value> before, Predicate<Value> dies) {
    this.turns = stream.order().turns().size();
    this.changes = new long[turns + 1];
    Map<Value, RowUse> uses = RowUse.of(stream);
    for (Value value : before) {
      RowUse use = uses.get(value);
      if (use == null || !dies.test(value)) {
        add(value.type().bytes(), 0, turns - 1);
      } else {
        rows(use, false);
      }
    }
    stream.fed().ifPresent(f -> rows(uses.getOrDefault(f.value(), RowUse.NONE), f.kept()));
    for (int i = 0; i < stream.stages().size(); i++) {
      Step.Stage stage = stream.stages().get(i);
      rows(uses.getOrDefault(stage.output(), RowUse.NONE), stage.kept());
      if (stage.kernel().scratchBytes() > 0) {
        for (Part part : ScratchUse.parts(stream, i, 0)) {
          add(part.bytes(), part.first(), part.last());
        }
      }
    }
  }

  private void rows(RowUse use, boolean kept) {
    for (int row = 0; row < use.made().length; row++) {
      int first = Math.max(0, use.made()[row]);
      int last = kept ? turns - 1 : use.last()[row];
      if (last >= first) {
        add(use.rowBytes(), first, last);
      }
    }
  }

  private void add(long bytes, int first, int last) {
    if (first <= last) {
      changes[first] += bytes;
      changes[last + 1] -= bytes;
    }
  }

  /** The most bytes in use at one turn. */
  long peak() {
    long peak = 0;
    long sum = 0;
    for (long change : changes) {
      sum += change;
      peak = Math.max(peak, sum);
    }
    return peak;
  }
}
