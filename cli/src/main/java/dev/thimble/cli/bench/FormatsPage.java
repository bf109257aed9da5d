package dev.thimble.cli.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes what formats of filters cost and save. */
final class FormatsPage {
  private static final String TEXT =
      """

      ## Formats of filters

      MLPerf Tiny's KWS, quantised here from its float network with every other of the benchmark's
      inputs, and measured on the others (%s). *Precision* and *quality* are `--precision` and
      `--quality`; *class* says how often it is that of the network in float32. The benchmark's
      float file is *hybrid*: it holds int8 filters, and quantises activations as it runs.
      *Constants* are all bytes in flash but the code, *arena* the bytes of RAM; both, and the
      instructions of one inference, are of programs for %s compiled with `--prefer speed`. *Front*
      marks the programs of which no other has at least the accuracy in at most the constants with
      one of them better; the others are dominated. %s

      """;

  private FormatsPage() {}

  static void append(StringBuilder page, String target, List<FormatsBench.Row> rows) {
    boolean simulated = rows.stream().allMatch(row -> row.instructions() != null);
    String equal =
        !simulated
            ? "Nothing was simulated."
            : rows.stream().allMatch(FormatsBench.Row::equal)
                ? "Each simulated program stored what the evaluation of its network gives."
                : "**Not every simulated program stored what its network gives.**";
    page.append(
        String.format(Locale.ROOT, TEXT, Table.number(rows.getFirst().inputs()), target, equal));
    Table table =
        new Table(
            2,
            "precision",
            "quality",
            "accuracy",
            "class",
            "constants",
            "arena",
            "instructions, M",
            "front");
    for (FormatsBench.Row row : rows) {
      table.row(
          row.format(),
          Optional.ofNullable(row.quality()).orElse(""),
          percent(row.correct(), row.inputs()),
          percent(row.agreeing(), row.inputs()),
          Table.number(row.weights()),
          Table.number(row.arena()),
          row.instructions() == null ? Table.NONE : Table.number(row.instructions() / 1e6, 3),
          row.dominated(rows) ? "" : "*");
    }
    page.append(table.text());
  }

  private static String percent(long part, long all) {
    return Table.number(100.0 * part / all, 1) + " %";
  }
}
