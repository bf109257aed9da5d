package dev.thimble.cli;

import dev.thimble.quant.Int16Value;
import dev.thimble.report.CompileReport;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The activations that a search made int16, as reports and the command line have them. */
final class Int16Rows {
  private Int16Rows() {}

  static CompileReport.Int16Row of(Int16Value value) {
    return new CompileReport.Int16Row(
        value.node(), value.op(), value.bytes(), value.part(), value.before(), value.after());
  }

  /** The names that a report records: what a search found is not searched for again. */
  static Set<String> names(JsonNode recorded) {
    Set<String> names = new LinkedHashSet<>();
    recorded.path("int16_values").forEach(row -> names.add(row.path("node").asString()));
    return names;
  }

  static void print(PrintStream to, List<Int16Value> values) {
    if (values.isEmpty()) {
      to.println("int16: no activation within the bytes gains 0.1 dB at the outputs");
      return;
    }
    to.println("int16:   bytes    part      outputs, before and after  node");
    for (Int16Value value : values) {
      to.printf(
          Locale.ROOT,
          "%14d  %4.1f %%  %10.1f dB -> %8.1f dB  %s (%s)%n",
          value.bytes(),
          100 * value.part(),
          value.before(),
          value.after(),
          value.node(),
          value.op());
    }
  }
}
