package dev.thimble.codegen;

import dev.thimble.kernel.Parameter;
import dev.thimble.kernel.ParameterText;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The constant tables of a program; equal tables are stored once. */
final class Tables {
  private final CName name;
  private final Map<Parameter.Table, String> symbols = new LinkedHashMap<>();
  private final Map<String, Outside> outside = new TreeMap<>();

  /** A row of one value, as long as the longest that stands outside of a map. */
  private record Outside(DType dtype, int value, int length) {}

  Tables(CName name) {
    this.name = name;
  }

  /** The symbol of a table, which is added if it is new. */
  String symbol(Parameter.Table table) {
    return symbols.computeIfAbsent(table, t -> name + "_" + prefix(t.role()) + symbols.size());
  }

  /** The symbol of a constant that a kernel reads at run time. */
  String symbol(Tensor tensor) {
    return symbol(
        tensor.type().isFloat()
            ? Parameter.Table.ofFloats("data", Parameter.Role.TABLE, tensor.floats())
            : new Parameter.Table(
                "data", Parameter.Role.TABLE, tensor.type().dtype(), tensor.longs()));
  }

  /** The symbol of a row of at least {@code bytes} bytes that holds one stored value throughout. */
  String outsideRow(DType dtype, int value, int bytes) {
    String symbol =
        name + "_outside_" + dtype.text() + "_" + (value < 0 ? "m" : "") + Math.abs(value);
    outside.merge(
        symbol,
        new Outside(dtype, value, bytes / dtype.bytes()),
        (a, b) -> a.length() >= b.length() ? a : b);
    return symbol;
  }

  CProgram.Sizes sizes() {
    long filters = bytes(Parameter.Role.FILTER);
    long biasRequant = bytes(Parameter.Role.BIAS_REQUANT);
    long rows =
        outside.values().stream().mapToLong(o -> (long) o.length() * o.dtype().bytes()).sum();
    return new CProgram.Sizes(
        filters, biasRequant, filters + biasRequant + bytes(Parameter.Role.TABLE) + rows);
  }

  boolean isEmpty() {
    return symbols.isEmpty() && outside.isEmpty();
  }

  /** Declares every table; C++ needs this before the definitions, to give them external linkage. */
  void declare(CWriter c) {
    symbols.forEach((table, symbol) ->
        c.line("extern const %s %s[%d];", table.dtype().cName(), symbol, table.length()));
    outside.forEach((symbol, row) ->
        c.line("extern const %s %s[%d];", row.dtype().cName(), symbol, row.length()));
  }

  void define(CWriter c) {
    symbols.forEach((table, symbol) -> c.raw(ParameterText.definition(symbol, table)).blank());
    outside.forEach((symbol, row) -> {
      int[] values = new int[row.length()];
      Arrays.fill(values, row.value());
      Parameter.Table table = new Parameter.Table("row", Parameter.Role.TABLE, row.dtype(), values);
      c.raw(ParameterText.definition(symbol, table)).blank();
    });
  }

  private long bytes(Parameter.Role role) {
    return symbols.keySet().stream()
        .filter(table -> table.role() == role)
        .mapToLong(Parameter.Table::bytes)
        .sum();
  }

  private static String prefix(Parameter.Role role) {
    return switch (role) {
      case FILTER -> "filter_";
      case BIAS_REQUANT -> "requant_";
      case TABLE -> "table_";
    };
  }
}
