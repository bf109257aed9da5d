package dev.thimble.cli.bench;

import dev.thimble.cli.bench.SpeedBench.Row;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Writes how far estimates are off as a part of the page of benchmarks. */
final class EstimatePage {
  private static final String TEXT =
      """

      ### Estimates beside counts

      What `./thimble estimate` and `compile` say of the programs above before any of them is built,
      beside what `profile` then finds, over all networks and preferences: the median of the error,
      whatever its sign, and the estimates that are the lowest and the highest. Cycles are those of the
      core's model of its timing, or instructions where there is no such model. The arena and the
      constants are no estimates: they are what the program has.

      """;

  private EstimatePage() {}

  static void append(StringBuilder page, List<Row> rows) {
    Table table =
        new Table(
            1,
            "core",
            "programs",
            "cycles: median",
            "lowest",
            "highest",
            "code: median",
            "lowest",
            "highest");
    rows.stream()
        .map(Row::target)
        .distinct()
        .forEach(target -> {
          List<Row> own = rows.stream().filter(row -> row.target() == target).toList();
          List<Double> cycles = errors(own, EstimatePage::cycles);
          List<Double> code = errors(own, EstimatePage::code);
          table.row(
              target.text(),
              Table.number(own.size()),
              median(cycles),
              first(cycles),
              last(cycles),
              median(code),
              first(code),
              last(code));
        });
    page.append(TEXT).append(table.text());
  }

  private static OptionalDouble cycles(Row row) {
    Long estimate = row.estimatedCycles();
    Long model = row.cycles();
    return estimate == null
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) estimate / (model == null ? row.instructions() : model) - 1);
  }

  private static OptionalDouble code(Row row) {
    return OptionalDouble.of((double) row.estimatedCode() / row.code() - 1);
  }

  /** In ascending order. */
  private static List<Double> errors(List<Row> rows, Function<Row, OptionalDouble> error) {
    return rows.stream().map(error).flatMap(e -> e.stream().boxed()).sorted().toList();
  }

  private static String median(List<Double> errors) {
    List<Double> sizes = errors.stream().map(Math::abs).sorted().toList();
    return sizes.isEmpty() ? Table.NONE : percent(sizes.get(sizes.size() / 2), "");
  }

  private static String first(List<Double> errors) {
    return errors.isEmpty() ? Table.NONE : percent(errors.getFirst(), "+");
  }

  private static String last(List<Double> errors) {
    return errors.isEmpty() ? Table.NONE : percent(errors.getLast(), "+");
  }

  private static String percent(double error, String plus) {
    return (error < 0 ? "" : plus) + Table.number(100 * error, 0) + " %";
  }
}
