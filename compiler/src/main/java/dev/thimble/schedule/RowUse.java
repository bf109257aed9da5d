package dev.thimble.schedule;

import dev.thimble.graph.Value;
import dev.thimble.schedule.offsets.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When the rows of a map are made and last read in a stream, as indices of the stream's turns.
 *
 * @param rowBytes the bytes of a row
 * @param made for each row its turn; {@link #BEFORE} for all rows of what was there before
 * @param last for each row the last turn that reads it, or, if none does, that makes it
 */
record RowUse(int rowBytes, int[] made, int[] last) {
  static final int BEFORE = -1;

  /** No rows. */
  static final RowUse NONE = new RowUse(1, new int[0], new int[0]);

  /** The use of all that the stream reads or makes, in the order of first use. */
  static Map<Value, RowUse> of(Step.Stream stream) {
    Map<Value, RowUse> uses = new LinkedHashMap<>();
    Optional<Step.Fed> fed = stream.fed();
    fed.ifPresent(f -> uses.put(f.value(), nothing(f.rows(), f.rowBytes())));
    List<List<RowUse>> operands =
        stream.stages().stream().map(stage -> operands(stage, uses)).toList();
    int[] taken = new int[stream.stages().size()];
    int received = 0;
    List<Integer> turns = stream.order().turns();
    for (int turn = 0; turn < turns.size(); turn++) {
      int index = turns.get(turn);
      if (index == RowOrder.RECEIVE) {
        make(uses, fed.orElseThrow().value(), received++, turn);
        continue;
      }
      Step.Stage stage = stream.stages().get(index);
      int nth = taken[index]++;
      for (int k = 0; k < operands.get(index).size(); k++) {
        int first = stage.rows().first(k, nth);
        int end = stage.rows().end(k, nth);
        // A window may lie beside the map altogether, where there is much padding.
        if (first < end) {
          Arrays.fill(operands.get(index).get(k).last, first, end, turn);
        }
      }
      if (stage.rows().made(nth + 1) > stage.rows().made(nth)) {
        make(uses, stage.output(), stage.rows().made(nth), turn);
      }
    }
    return uses;
  }

  private static List<RowUse> operands(Step.Stage stage, Map<Value, RowUse> uses) {
    List<Value> values = stage.operands();
    for (int k = 0; k < values.size(); k++) {
      int rows = stage.rows().operands().get(k).rows();
      int rowBytes = stage.rows().operands().get(k).rowBytes();
      uses.putIfAbsent(values.get(k), nothing(rows, rowBytes));
    }
    uses.putIfAbsent(stage.output(), nothing(stage.rows().rows(), stage.rows().rowBytes()));
    return values.stream().map(value -> known(uses, value)).toList();
  }

  private static RowUse nothing(int rows, int rowBytes) {
    int[] made = new int[rows];
    int[] last = new int[rows];
    Arrays.fill(made, BEFORE);
    Arrays.fill(last, BEFORE);
    return new RowUse(rowBytes, made, last);
  }

  private static void make(Map<Value, RowUse> uses, Value value, int row, int turn) {
    RowUse use = known(uses, value);
    use.made[row] = turn;
    use.last[row] = turn;
  }

  private static RowUse known(Map<Value, RowUse> uses, Value value) {
    RowUse use = uses.get(value);
    if (use == null) {
      throw new IllegalArgumentException("'" + value.name() + "' takes no part in the stream");
    }
    return use;
  }

  /**
   * The fewest slots that serve the rows in turns: row {@code r} may only be made in the slot of
   * row {@code r - slots} once that is never read again.
   */
  int fewestSlots() {
    int slots = 1;
    while (!serves(slots)) {
      slots++;
    }
    return slots;
  }

  private boolean serves(int slots) {
    for (int row = slots; row < rowsMade(); row++) {
      if (last[row - slots] >= made[row]) {
        return false;
      }
    }
    return true;
  }

  /** How many rows are made: the first ones. */
  int rowsMade() {
    int rows = 0;
    while (rows < made.length && made[rows] != BEFORE) {
      rows++;
    }
    return rows;
  }

  /**
   * When a slot is in use by the rows that it serves: {@code slot}, {@code slot + slots} and so on.
   *
   * @param start the tick of the stream's first turn
   */
  List<Part> slotParts(int slot, int slots, int start) {
    List<Part> parts = new ArrayList<>();
    for (int row = slot; row < rowsMade(); row += slots) {
      parts.add(new Part(0, rowBytes, start + made[row], start + last[row]));
    }
    return parts;
  }
}
