package dev.thimble.codegen;

import dev.thimble.graph.Value;
import dev.thimble.schedule.MemoryPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes where the rows of maps lie, as {@code common/rows.h} reads it; equal tables once. */
final class RowTables {
  private final CName name;
  private final Places places;
  private final Map<String, String> symbols = new HashMap<>();

  RowTables(CName name, Places places) {
    this.name = name;
    this.places = places;
  }

  /**
   * The symbol of the rows of a value.
   *
   * @param c receives the table if it is new
   * @param rows the number of rows that the map is seen as
   */
  String symbol(CWriter c, Value value, int rows, long rowBytes) {
    String constant = places.constant(value);
    MemoryPlan.Place place =
        constant.equals("NULL")
            ? places.plan().place(value).orElseThrow()
            : new MemoryPlan.Place.Whole(0);
    return switch (place) {
      case MemoryPlan.Place.Whole whole ->
          table(c, value, constant, "NULL", whole.offset(), rowBytes, rows, rows);
      case MemoryPlan.Place.Rows slots ->
          slots(c, value, shortest(slots.slots(), rows), rows, rowBytes);
    };
  }

  private String slots(CWriter c, Value value, List<Long> slots, int rows, long rowBytes) {
    boolean sideBySide = true;
    for (int i = 0; i < slots.size(); i++) {
      sideBySide &= slots.get(i) == slots.getFirst() + i * rowBytes;
    }
    if (sideBySide) {
      return table(c, value, "NULL", "NULL", slots.getFirst(), rowBytes, rows, slots.size());
    }
    String list =
        slots.stream()
            .map(slot -> String.valueOf(places.memory().local(slot)))
            .collect(Collectors.joining(", "));
    String symbol = symbols.get(list);
    if (symbol == null) {
      symbol = name + "_slots_" + symbols.size();
      symbols.put(list, symbol);
      c.array("static const THIMBLE_SLOT " + symbol, slots.stream().map(String::valueOf).toList());
    }
    return table(c, value, "NULL", symbol, slots.getFirst(), rowBytes, rows, slots.size());
  }

  /** The fewest slots by which the same row lies at the same place. */
  private static List<Long> shortest(List<Long> slots, int rows) {
    for (int period = 1; period < slots.size(); period++) {
      boolean equal = true;
      for (int row = 0; row < rows && equal; row++) {
        equal = slots.get(row % slots.size()).equals(slots.get(row % period));
      }
      if (equal) {
        return slots.subList(0, period);
      }
    }
    return slots;
  }

  private String table(
      CWriter c,
      Value value,
      String constant,
      String slots,
      long offset,
      long rowBytes,
      int rows,
      int held) {
    String text =
        String.format(
            Locale.ROOT,
            "{%s, %s, %d, %d, %d, %d%s}",
            constant,
            slots,
            slots.equals("NULL") ? places.memory().local(offset) : 0,
            rowBytes,
            rows,
            held,
            places.memory().several() ? ", " + places.memory().region(offset) : "");
    String known = symbols.get(text);
    if (known != null) {
      return known;
    }
    String symbol = name + "_rows_" + symbols.size();
    symbols.put(text, symbol);
    String comment = HeaderFile.comment(value.name());
    c.line("static const thimble_rows %s = %s; /* %s */", symbol, text, comment);
    return symbol;
  }
}
