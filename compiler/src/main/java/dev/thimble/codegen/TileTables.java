package dev.thimble.codegen;

import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import java.util.Map;

/** Writes the tables by which the driver of tile kernels, common/tile.h, calls them. */
final class TileTables {
  // The widest numbers of the driver's narrow fields, which are uint16_t and int16_t.
  private static final int NARROW_ROWS = 0xFFFF;
  private static final int NARROW_BEFORE = Short.MAX_VALUE;

  private final CName name;
  private final Places places;
  private int maxRows = 1;
  private boolean used;
  private boolean wide;

  TileTables(CName name, Places places) {
    this.name = name;
    this.places = places;
  }

  /** The most row pointers that a kernel takes. */
  int maxRows() {
    return maxRows;
  }

  /** Whether there is any tile. */
  boolean used() {
    return used;
  }

  /** Whether some number of rows needs more than 16 bits. */
  boolean wide() {
    return wide;
  }

  /**
   * Writes the operands and the tile of a call.
   *
   * @param tile the kernel's form, flattened or not
   * @param rings the rows that are held of those values that lie in rings
   */
  void write(CWriter c, KernelCall call, Form.Tile tile, Map<Value, Integer> rings) {
    used = true;
    maxRows = Math.max(maxRows, tile.window().size() * tile.operands().size());
    operands(c, call, tile, rings);
    c.line("static const thimble_tile %s_tile_%d = {", name, call.number());
    field(c, call.kernel().function(), "kernel");
    field(c, "&" + name + "_params_" + call.number(), "params");
    field(c, name + "_operands_" + call.number(), "operands");
    field(c, outside(call, tile), "outside");
    field(c, places.offset(call.output()), "out_offset");
    field(c, tile.rowBytes(), "out_row_bytes");
    field(c, places.scratchOffset(call.step()), "scratch_offset");
    field(c, tile.width(), "width");
    rows(c, tile.rows(), "rows");
    rows(c, rings.getOrDefault(call.output(), tile.rows()), "out_ring");
    rows(c, tile.batch(), "batch");
    rows(c, tile.window().size(), "window");
    rows(c, tile.window().stride(), "stride");
    wide |= tile.window().before() > NARROW_BEFORE;
    field(c, tile.window().before(), "before");
    field(c, tile.operands().size(), "operand_count");
    c.line("};");
  }

  private void operands(CWriter c, KernelCall call, Form.Tile tile, Map<Value, Integer> rings) {
    c.line(
        "static const thimble_operand %s_operands_%d[%d] = {",
        name, call.number(), tile.operands().size());
    for (int i = 0; i < tile.operands().size(); i++) {
      Value operand = call.operands().get(i);
      Form.Operand rows = tile.operands().get(i);
      wide |= rows.rows() > NARROW_ROWS;
      c.line(
          "{%s, %d, %d, %d, %d}, /* %s */",
          places.constant(operand),
          places.offset(operand),
          rows.rowBytes(),
          rows.rows(),
          rings.getOrDefault(operand, rows.rows()),
          HeaderFile.comment(operand.name()));
    }
    c.line("};");
  }

  private String outside(KernelCall call, Form.Tile tile) {
    return tile.outside().isEmpty()
        ? "NULL"
        : places
            .tables()
            .outsideRow(
                call.operands().getFirst().type().dtype(),
                tile.outside().getAsInt(),
                tile.operands().getFirst().rowBytes());
  }

  private void rows(CWriter c, int rows, String name) {
    wide |= rows > NARROW_ROWS;
    field(c, rows, name);
  }

  private static void field(CWriter c, Object value, String name) {
    c.line("%s, /* %s */", value, name);
  }
}
