package dev.thimble.schedule;

import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import java.util.List;
import java.util.Optional;

/**
 * How a kernel of tile or reduce form takes and makes rows, one turn at a time. A tile makes one
 * row a turn. A reduction takes one row a turn and makes its only row in the last turn.
 *
 * @param turns how often the kernel is called
 * @param rows the rows that it makes, each of {@code rowBytes} bytes
 * @param operands the rows of what it reads, in the order of {@link Kernel#operands}
 * @param window the rows that a turn reads of each operand
 * @param repeated whether an operand of a single row, where there is one, serves every turn
 */
public record RowForm(
    int turns,
    int rows,
    int rowBytes,
    List<Form.Operand> operands,
    Form.RowWindow window,
    boolean repeated) {
  public RowForm {
    operands = List.copyOf(operands);
  }

  /** The kernel's rows, if it can run by rows to make this output of a single batch entry. */
  public static Optional<RowForm> of(Kernel kernel, Value output) {
    long bytes = output.type().bytes();
    return switch (kernel.form()) {
      case Form.Tile tile when tile.batch() == 1 && (long) tile.rows() * tile.rowBytes() == bytes ->
          Optional.of(
              new RowForm(
                  tile.rows(),
                  tile.rows(),
                  tile.rowBytes(),
                  tile.operands(),
                  tile.window(),
                  tile.operands().stream().anyMatch(tile::repeats)));
      case Form.Reduce reduce when reduce.batch() == 1 && reduce.outputBytes() == bytes ->
          Optional.of(
              new RowForm(
                  reduce.rows(),
                  1,
                  reduce.outputBytes(),
                  List.of(new Form.Operand(reduce.rows(), reduce.rowBytes())),
                  Form.RowWindow.SAME,
                  false));
      case Form.Tile tile -> Optional.empty();
      case Form.Reduce reduce -> Optional.empty();
      case Form.Whole whole -> Optional.empty();
    };
  }

  /** The first row of an operand that a turn reads. */
  public int first(int operand, int turn) {
    return serves(operand) ? 0 : Math.max(0, window.first(turn));
  }

  /**
   * The end of the rows of an operand that a turn reads; not above {@link #first} if it is none.
   */
  public int end(int operand, int turn) {
    return serves(operand) ? 1 : Math.min(operands.get(operand).rows(), window.end(turn));
  }

  /** The rows that exist after so many turns. */
  public int made(int turns) {
    return rows == this.turns ? turns : turns / this.turns;
  }

  private boolean serves(int operand) {
    return repeated && operands.get(operand).rows() == 1;
  }
}
