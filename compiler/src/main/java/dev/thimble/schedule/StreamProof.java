package dev.thimble.schedule;

import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.schedule.MemoryPlan.Placed;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Proves a stream by playing it: every row is still in its ring's slot when it is read. */
final class StreamProof {
  private StreamProof() {}

  /** Throws {@link ScheduleException} when a ring is missing, too small, or loses a row. */
  static void prove(Step.Stream stream, int step, Map<Value, Placed> places) {
    List<Step.Stage> stages = stream.stages();
    require(stages.size() >= 2, "a stream of fewer than two stages at step " + step);
    for (int i = 0; i < stages.size(); i++) {
      Step.Stage stage = stages.get(i);
      Form.Tile tile = tile(stage);
      boolean last = i + 1 == stages.size();
      if (last) {
        require(
            stage.ringRows() == tile.rows(),
            "the stream's output '" + stage.output().name() + "' is not kept whole");
      } else {
        require(
            stages.subList(i + 2, stages.size()).stream()
                .noneMatch(later -> later.operands().contains(stage.output())),
            "'" + stage.output().name() + "' is read by a stage that does not follow it");
        proveRing(stage, step, places);
        play(stage, tile, stages.get(i + 1));
      }
    }
  }

  private static void proveRing(Step.Stage stage, int step, Map<Value, Placed> places) {
    String name = stage.output().name();
    Placed placed = places.get(stage.output());
    if (placed == null) {
      throw new ScheduleException("the ring of '" + name + "' has no memory");
    }
    Buffer buffer = placed.buffer();
    require(stage.ringRows() >= 1, "the ring of '" + name + "' has no rows");
    require(
        buffer.bytes() >= (long) stage.ringRows() * tile(stage).rowBytes(),
        "the ring of '" + name + "' does not fit into its buffer");
    require(
        buffer.first() <= step && step <= buffer.last() && buffer.values().size() == 1,
        "the ring of '" + name + "' is not for step " + step + " alone");
    require(
        placed.offset() % stage.output().type().dtype().bytes() == 0,
        "the ring of '" + name + "' is not aligned");
  }

  private static void play(Step.Stage producer, Form.Tile produced, Step.Stage consumer) {
    String name = producer.output().name();
    List<Value> inputs = consumer.nodes().getFirst().inputs();
    require(
        Collections.frequency(inputs, producer.output()) == 1,
        "'" + name + "' is not read exactly once by the next stage");
    int operand = consumer.kernel().operands().indexOf(inputs.indexOf(producer.output()));
    require(operand >= 0, "'" + name + "' is not read at run time");
    Form.Tile reading = tile(consumer);
    Form.Operand rows = reading.operands().get(operand);
    require(
        rows.rows() == produced.rows() && rows.rowBytes() == produced.rowBytes(),
        "the rows of '" + name + "' are not those that the next stage reads");
    int[] slots = new int[producer.ringRows()];
    Arrays.fill(slots, -1);
    int next = 0;
    for (int y = 0; y < reading.rows(); y++) {
      int from = y * reading.window().stride() - reading.window().before();
      int until = Math.min(from + reading.window().size(), produced.rows());
      while (next < until) {
        slots[next % slots.length] = next;
        next++;
      }
      for (int row = Math.max(0, from); row < until; row++) {
        require(
            slots[row % slots.length] == row,
            "the ring of '" + name + "' has lost row " + row + " when it is read");
      }
    }
  }

  private static Form.Tile tile(Step.Stage stage) {
    if (stage.kernel().form() instanceof Form.Tile tile
        && tile.batch() == 1
        && (long) tile.rows() * tile.rowBytes() == stage.output().type().bytes()) {
      return tile;
    }
    throw new ScheduleException("'" + stage.output().name() + "' is not computed by rows");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new ScheduleException(message);
    }
  }
}
