package dev.thimble.kernel;

import java.util.List;
import java.util.OptionalInt;

/**
 * How a kernel is called, and with that what memory strategies it can serve. All extents are of one
 * batch entry; a kernel is called for each entry by itself.
 */
public sealed interface Form {
  /**
   * Computes columns [x0, x1) of one output row from an array of pointers to input rows.
   *
   * @param batch the batch entries
   * @param rows the output's rows
   * @param width the output's columns, the unit of x0 and x1
   * @param rowBytes the bytes of an output row
   * @param window the input rows that an output row needs
   * @param operands the inputs' rows, in the order of {@link Kernel#operands}
   * @param outside the byte that fills the row which stands for rows outside of the map, or nothing
   *     where their pointers are null
   * @param contiguous whether all rows may be treated as a single long one
   */
  record Tile(
      int batch,
      int rows,
      int width,
      int rowBytes,
      RowWindow window,
      List<Operand> operands,
      OptionalInt outside,
      boolean contiguous)
      implements Form {
    public Tile {
      operands = List.copyOf(operands);
    }

    /**
     * Whether an operand's only row serves every output row, as elementwise kernels have it. A
     * kernel whose window of one row may lie beside the map says what stands for rows outside.
     */
    public boolean repeats(Operand operand) {
      return operand.rows() == 1 && window.size() == 1 && outside.isEmpty();
    }

    /** This tile with all rows, and batch entries, as one long row, where that is allowed. */
    public Tile flattened() {
      if (!contiguous) {
        return this;
      }
      int all = batch * rows;
      return new Tile(
          1,
          1,
          width * all,
          rowBytes * all,
          window,
          operands.stream().map(o -> new Operand(1, o.rowBytes() * all, o.columns())).toList(),
          outside,
          true);
    }
  }

  /**
   * Takes its input row by row into an accumulator: {@code <function>_init}, {@code _row}, {@code
   * _finish}. The accumulator lies in the node's scratch memory.
   */
  record Reduce(int batch, int rows, int rowBytes, int outputBytes) implements Form {}

  /** Needs its whole input at once. */
  record Whole() implements Form {}

  /**
   * An operand's rows: how many, and the bytes of each. A single row may serve every output row:
   * {@link Tile#repeats}.
   *
   * @param columns which columns the kernel is done with while it writes a row
   */
  record Operand(int rows, int rowBytes, Columns columns) {
    /** An operand all of whose columns may be read until the last output column is written. */
    public Operand(int rows, int rowBytes) {
      this(rows, rowBytes, Columns.ALL);
    }
  }

  /**
   * The order in which a tile kernel reads an operand's columns. It writes its output columns from
   * left to right, and from the moment that it writes into column {@code x} on it reads no column
   * to the left of {@code x * stride - before}. That is what lets an output begin inside an operand
   * that dies; no kernel may break the promise.
   *
   * @param bytes of one column of the operand
   */
  record Columns(int bytes, int stride, int before) {
    /** Any column may be read at any time. */
    public static final Columns ALL = new Columns(0, 0, 0);
  }

  /**
   * The input rows that output row {@code y} needs: {@code size} rows from row {@code y * stride -
   * before} on.
   */
  record RowWindow(int size, int stride, int before) {
    /** Each output row needs the input row of its own index. */
    public static final RowWindow SAME = new RowWindow(1, 1, 0);

    /** The first row that output row {@code y} needs; negative where it lies above the map. */
    public int first(int y) {
      return y * stride - before;
    }

    /** The end of the rows that output row {@code y} needs; it may lie below the map. */
    public int end(int y) {
      return first(y) + size;
    }
  }
}
