package dev.thimble.codegen;

import dev.thimble.schedule.RowOrder;
import dev.thimble.schedule.Step;
import dev.thimble.schedule.TurnPhases;
import java.util.List;

/** Writes the tables by which common/stream.h runs a stream. */
final class StreamTables {
  private final CName name;
  private final int index;

  /**
   * Tables of a stream.
   *
   * @param index the stream's number, which its symbols carry
   */
  StreamTables(CName name, int index) {
    this.name = name;
    this.index = index;
  }

  /**
   * Writes them.
   *
   * @param functions the C functions of the stages
   */
  void write(CWriter c, Step.Stream stream, List<String> functions) {
    TurnPhases order = TurnPhases.of(stream.order());
    if (!functions.isEmpty()) {
      c.array("static const thimble_stage " + name + "_stages_" + index, functions);
    }
    c.array(
        "static const uint8_t " + name + "_order_" + index,
        order.turns().stream().map(StreamTables::turn).toList());
    c.array(
        "static const thimble_phase " + name + "_phases_" + index,
        order.phases().stream()
            .map(p -> "{" + p.begin() + ", " + p.end() + ", " + p.times() + "}")
            .toList());
    c.line(
        "static const thimble_stream %s_stream_%d = {%s, %s_order_%d, %s_phases_%d, %d};",
        name,
        index,
        functions.isEmpty() ? "NULL" : name + "_stages_" + index,
        name,
        index,
        name,
        index,
        order.phases().size());
    c.blank();
  }

  private static String turn(int stage) {
    return stage == RowOrder.RECEIVE ? "THIMBLE_RECEIVE" : Integer.toString(stage);
  }
}
