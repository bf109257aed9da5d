package dev.thimble.schedule;

import dev.thimble.kernel.Form;
import dev.thimble.schedule.offsets.Part;
import java.util.ArrayList;
import java.util.List;

/** When a stage of a stream needs its working memory. */
final class ScratchUse {
  private ScratchUse() {}

  /**
   * The working memory of a stage. That of a tile kernel is only in use during the stage's turns:
   * what a call leaves in it need not survive. A reduction's holds the sums, from its first turn to
   * its last.
   *
   * @param start the tick of the stream's first turn
   */
  static List<Part> parts(Step.Stream stream, int index, int start) {
    Step.Stage stage = stream.stages().get(index);
    int bytes = stage.kernel().scratchBytes();
    List<Integer> turns = stream.order().turns();
    List<Part> parts = new ArrayList<>();
    if (stage.kernel().form() instanceof Form.Reduce) {
      int first = start + turns.indexOf(index);
      return List.of(new Part(0, bytes, first, start + turns.lastIndexOf(index)));
    }
    for (int turn = 0; turn < turns.size(); turn++) {
      if (turns.get(turn) == index) {
        int from = turn;
        while (turn + 1 < turns.size() && turns.get(turn + 1) == index) {
          turn++;
        }
        parts.add(new Part(0, bytes, start + from, start + turn));
      }
    }
    return parts;
  }
}
