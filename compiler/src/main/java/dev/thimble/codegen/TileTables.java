package dev.thimble.codegen;

import dev.thimble.graph.Value;
import dev.thimble.kernel.Form;
import java.util.ArrayList;
import java.util.List;

/** Writes the tables by which the driver of tile kernels, common/tile.h, calls them. */
final class TileTables {
  private final CName name;
  private final Places places;
  private final RowTables rows;
  private int maxRows = 1;
  private boolean used;

  TileTables(CName name, Places places, RowTables rows) {
    this.name = name;
    this.places = places;
    this.rows = rows;
  }

  /** The most row pointers that a kernel takes. */
  int maxRows() {
    return maxRows;
  }

  /** Whether there is any tile. */
  boolean used() {
    return used;
  }

  /**
   * Writes the operands and the tile of a call.
   *
   * @param tile the kernel's form, flattened or not
   */
  void write(CWriter c, KernelCall call, Form.Tile tile) {
    used = true;
    maxRows = Math.max(maxRows, tile.window().size() * tile.operands().size());
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < tile.operands().size(); i++) {
      Form.Operand operand = tile.operands().get(i);
      Value value = call.operands().get(i);
      operands.add("&" + rows.symbol(c, value, operand.rows(), operand.rowBytes()));
    }
    String out = rows.symbol(c, call.output(), tile.rows(), tile.rowBytes());
    c.line(
        "static const thimble_rows *const %s_operands_%d[%d] = {%s};",
        name, call.number(), operands.size(), String.join(", ", operands));
    c.line("static const thimble_tile %s_tile_%d = {", name, call.number());
    field(c, call.kernel().function(), "kernel");
    field(c, "&" + name + "_params_" + call.number(), "params");
    field(c, name + "_operands_" + call.number(), "operands");
    field(c, "&" + out, "out");
    field(c, outside(call, tile), "outside");
    field(c, places.memory().local(places.scratchOffset(call)), "scratch_offset");
    field(c, tile.width(), "width");
    field(c, tile.batch(), "batch");
    field(c, tile.window().size(), "window");
    field(c, tile.window().stride(), "stride");
    field(c, tile.window().before(), "before");
    field(c, tile.operands().size(), "operand_count");
    if (places.memory().several()) {
      field(c, places.memory().region(places.scratchOffset(call)), "scratch_region");
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

  private static void field(CWriter c, Object value, String name) {
    c.line("%s, /* %s */", value, name);
  }
}
