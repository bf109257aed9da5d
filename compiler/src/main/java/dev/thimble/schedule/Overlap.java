package dev.thimble.schedule;

import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How far the output of a call may lie inside an operand that dies with it. Rows and columns are
 * computed in increasing order, so an output that runs behind the first byte still to be read never
 * destroys any.
 */
final class Overlap {
  /** Where an output may lie that shares memory with an operand. */
  sealed interface Room {
    /** Anywhere: it is written when the operand has been read. */
    record Anywhere() implements Room {}

    /** At the operand's address, or apart. */
    record Same() implements Room {}

    /** At most so many bytes after the operand's start, or apart. */
    record Behind(long limit) implements Room {}
  }

  private Overlap() {}

  /**
   * The output of a call that may lie where an operand dies: the only one, or of several the one
   * that has the operand's number.
   */
  static Value partner(Step.Single single, Value operand) {
    List<Value> outputs = single.outputs();
    int index = index(single, operand);
    return outputs.get(index > 0 && index < outputs.size() ? index : 0);
  }

  /** Where the operand stands among those of the kernel; -1 if it is none. */
  private static int index(Step.Single single, Value operand) {
    int input = single.nodes().getFirst().inputs().indexOf(operand);
    return single.kernel().operands().indexOf(input);
  }

  /**
   * Where the {@link #partner} of this operand may lie if the operand dies in the call; nothing if
   * only apart. All other outputs lie apart from it.
   */
  static Optional<Room> room(Step.Single single, Value operand) {
    Kernel kernel = single.kernel();
    List<Value> inputs = single.nodes().getFirst().inputs();
    int index = index(single, operand);
    if (index < 0 || Collections.frequency(inputs, operand) != 1) {
      return Optional.empty();
    }
    if (single.outputs().size() > 1) {
      return overwrites(single, operand) ? Optional.of(new Room.Same()) : Optional.empty();
    }
    return switch (kernel.form()) {
      case Form.Tile tile -> {
        long limit = limit(kernel, tile, index);
        boolean apart = limit <= -single.outputs().getFirst().type().bytes();
        yield apart ? Optional.empty() : Optional.of(new Room.Behind(limit));
      }
      // A reduction's output is written once its only batch entry has been read.
      case Form.Reduce reduce ->
          reduce.batch() == 1 ? Optional.of(new Room.Anywhere()) : Optional.empty();
      case Form.Whole whole ->
          overwrites(kernel, index) ? Optional.of(new Room.Same()) : Optional.empty();
    };
  }

  /** Whether the call's kernel may write an output at the operand's address: its partner. */
  static boolean overwrites(Step.Single single, Value operand) {
    int index = index(single, operand);
    return single.kernel().inPlace() && index >= 0 && index < single.outputs().size();
  }

  private static boolean overwrites(Kernel kernel, int index) {
    return kernel.inPlace() && index == 0;
  }

  /** The fewest bytes that the operand, which dies in the call, and its partner need together. */
  static long jointBytes(Step.Single single, Value operand) {
    long in = operand.type().bytes();
    long out = partner(single, operand).type().bytes();
    return room(single, operand)
        .map(room ->
            switch (room) {
              case Room.Anywhere anywhere -> Math.max(in, out);
              case Room.Same same -> Math.max(in, out);
              case Room.Behind behind -> Math.max(out, in + Math.max(0, -behind.limit()));
            })
        .orElse(in + out);
  }

  /**
   * The largest distance, in bytes, from the operand's start to the output's at which the output
   * may overlap the operand; it may do so at any smaller distance too. Negative where the output
   * must begin before the operand.
   *
   * @param index of the operand, in the order of {@link Kernel#operands}
   */
  private static long limit(Kernel kernel, Form.Tile called, int index) {
    // A kernel that is called once for all rows may read columns of an earlier row.
    Form.Tile tile = called.flattened();
    long limit = Long.MAX_VALUE;
    for (int y = 0; y < tile.rows(); y++) {
      limit = Math.min(limit, limit(tile, index, y));
    }
    long entries = entries(tile, index);
    limit = Math.min(limit, limit + entries);
    return overwrites(kernel, index) ? Math.max(limit, 0) : limit;
  }

  /** What the last batch entry may be nearer, or has to be farther, than the first one. */
  private static long entries(Form.Tile tile, int index) {
    Form.Operand operand = tile.operands().get(index);
    long in = (long) operand.rows() * operand.rowBytes();
    long out = (long) tile.rows() * tile.rowBytes();
    return (tile.batch() - 1) * (in - out);
  }

  private static long limit(Form.Tile tile, int index, int y) {
    Form.Operand operand = tile.operands().get(index);
    long row = firstByte(tile, operand, y);
    long next = y + 1 < tile.rows() ? firstByte(tile, operand, y + 1) : endByte(operand);
    long out = (long) y * tile.rowBytes();
    long column = tile.rowBytes() / Math.max(1, tile.width());
    // While the row is written, what the next row needs must stay, and of this row's operand the
    // columns from the current one's window on. Their distance is linear but for one bend.
    long limit = next - (out + tile.rowBytes());
    Form.Columns columns = operand.columns();
    int bend = columns.stride() == 0 ? 0 : columns.before() / columns.stride();
    for (int x : new int[] {0, bend, bend + 1, tile.width() - 1}) {
      int at = Math.clamp(x, 0, tile.width() - 1);
      long read = (long) Math.max(0, at * columns.stride() - columns.before()) * columns.bytes();
      long kept = Math.min(read, operand.rowBytes());
      limit = Math.min(limit, row + kept - (out + (at + 1) * column));
    }
    return limit;
  }

  /** Where the rows that an output row needs begin in the operand. */
  private static long firstByte(Form.Tile tile, Form.Operand operand, int y) {
    int first = tile.repeats(operand) ? 0 : Math.max(0, tile.window().first(y));
    return (long) Math.min(first, operand.rows()) * operand.rowBytes();
  }

  private static long endByte(Form.Operand operand) {
    return (long) operand.rows() * operand.rowBytes();
  }
}
