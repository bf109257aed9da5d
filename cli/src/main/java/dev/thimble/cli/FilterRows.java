package dev.thimble.cli;

import dev.thimble.quant.FilterFormat;
import dev.thimble.quant.WeightFormat;
import dev.thimble.report.CompileReport;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The filters of a network that was quantised, as reports and the command line have them. */
final class FilterRows {
  private FilterRows() {}

  static CompileReport.FilterRow of(FilterFormat filter) {
    return new CompileReport.FilterRow(
        filter.node(),
        filter.op(),
        filter.format().text(),
        filter.bytes(),
        Double.isNaN(filter.lossAlone()) ? null : filter.lossAlone());
  }

  /** The formats that a report records, by node: what a search found is not searched for again. */
  static Map<String, WeightFormat> formats(JsonNode recorded) {
    Map<String, WeightFormat> formats = new LinkedHashMap<>();
    for (JsonNode row : recorded.path("filters")) {
      String text = row.path("format").asString();
      formats.put(
          row.path("node").asString(),
          Words.choice("format", WeightFormat.values(), text, WeightFormat::text));
    }
    return formats;
  }

  static void print(PrintStream to, List<FilterFormat> filters) {
    to.println("filters:   bytes  format  loss alone  node");
    for (FilterFormat filter : filters) {
      String loss =
          Double.isNaN(filter.lossAlone())
              ? ""
              : String.format(Locale.ROOT, "%.2f %%", 100 * filter.lossAlone());
      to.printf(
          Locale.ROOT,
          "%16d  %-6s  %10s  %s (%s)%n",
          filter.bytes(),
          filter.format().text(),
          loss,
          filter.node(),
          filter.op());
    }
  }
}
