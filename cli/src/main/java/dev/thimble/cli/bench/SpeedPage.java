package dev.thimble.cli.bench;

import dev.thimble.cli.bench.SpeedBench.Cost;
import dev.thimble.cli.bench.SpeedBench.Row;
import dev.thimble.cli.bench.SpeedBench.Variant;
import dev.thimble.target.CompilerFlags;
import dev.thimble.target.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Writes what inferences cost as a part of the page of benchmarks. */
final class SpeedPage {
  private static final double MILLION = 1e6;

  private static final String SPEED =
      """

      ## Speed

      One inference of a whole network on simulated cores, counted by QEMU: instructions are exact,
      *cycles* estimates by a model of the core's timing without wait states, where there is one.
      Programs are compiled with `--prefer speed` (*ram*: `--prefer ram`; *flash 512K*: with
      `--flash 512K` besides, which allows filters that take more flash) and built with `-O2` by the
      compilers below; *code* leaves out the start-up code, *weights* holds every constant, *flash* is
      both. *Equal*: all stored values were compared with the reference evaluation of the network as
      imported. Vector cores are simulated with vectors of 128 bits; *elements* is what their vector
      instructions work on, each counted with all elements that its operands hold.

      """;

  private static final String PEERS =
      """

      For comparison, what TensorFlow Lite Micro with CMSIS-NN takes for the same networks, counted in
      the same way (its best build on each core; million instructions; on rv32imc the plain C of
      CMSIS-NN, on Cortex-M0+ the build for Cortex-M0):

      """;

  private static final String CLASSES =
      """

      ### Instructions per multiply-accumulate

      By class of node, over all int8 networks of the tables above and below that compile: all their
      instructions divided by all their multiply-accumulates (additions: elements), and the least
      and the most of a network.

      """;

  private static final String ELEMENTS =
      """

      ### Element operations of RISC-V vectors

      Long groups of registers hide work in few instructions: what the vector instructions of the same
      nodes work on at most, divided in the same way, on rv64gcv with vectors of 128 bits.

      """;

  private SpeedPage() {}

  static void append(StringBuilder page, SpeedBench.Result result) {
    List<Row> rows = result.rows();
    page.append(SPEED).append(benchmarks(rows)).append('\n').append(compilers(rows));
    result.failures().forEach(line -> page.append("\n**Failed:** ").append(line).append('\n'));
    page.append(PEERS).append(peers());
    page.append(CLASSES).append(classes(rows));
    page.append(ELEMENTS).append(elements(rows));
    EstimatePage.append(page, rows);
    page.append("\n### Every network on Cortex-M4\n\n").append(networks(rows, Target.CORTEX_M4));
  }

  private static String benchmarks(List<Row> rows) {
    Table table =
        new Table(
            3,
            "network",
            "core",
            "prefer",
            "instructions, M",
            "cycles, M",
            "arena",
            "weights",
            "code",
            "flash",
            "stack",
            "unaligned",
            "elements, M",
            "outputs");
    rows.stream()
        .filter(Row::benchmark)
        .sorted(Comparator.comparing(Row::model))
        .forEach(row ->
            table.row(
                row.model(),
                row.target().text(),
                row.variant().text(),
                Table.number(row.instructions() / MILLION, 3),
                millions(row.cycles()),
                Table.number(row.arena()),
                Table.number(row.weights()),
                Table.number(row.code()),
                Table.number(row.weights() + row.code()),
                Table.number(row.stack()),
                Table.number(row.unaligned()),
                row.elements() == 0 ? Table.NONE : Table.number(row.elements() / MILLION, 3),
                row.equal() ? "equal" : "DIFFER"));
    return table.text();
  }

  private static String compilers(List<Row> rows) {
    Table table = new Table(3, "core", "compiler", "flags");
    rows.stream()
        .map(Row::target)
        .distinct()
        .forEach(target -> {
          CompilerFlags flags = CompilerFlags.of(target);
          table.row(target.text(), flags.compiler(), "`" + String.join(" ", flags.flags()) + "`");
        });
    return table.text();
  }

  private static String peers() {
    return new Table(1, "core", "VWW", "IC", "KWS", "AD")
        .row("cortex-m4", "24.10", "29.86", "7.70", "0.583")
        .row("cortex-m4, estimated cycles", "29.1", "36.5", "9.21", "0.726")
        .row("cortex-m7", "24.0", "30.0", "7.64", "0.583")
        .row("cortex-m55", "6.03", "4.42", "1.70", "0.0632")
        .row("rv32imc", "48.6", "65.3", "16.2", "1.48")
        .row("cortex-m0plus", "86.9", "97.6", "29.0", "1.76")
        .text();
  }

  private static String classes(List<Row> rows) {
    List<Target> targets =
        rows.stream().filter(row -> !row.benchmark()).map(Row::target).distinct().toList();
    String[] titles = new String[targets.size() + 1];
    titles[0] = "nodes";
    for (int i = 0; i < targets.size(); i++) {
      titles[i + 1] = targets.get(i).text();
    }
    Table table = new Table(1, titles);
    for (NodeClass nodes : NodeClass.values()) {
      String[] cells = new String[titles.length];
      cells[0] = nodes.text();
      for (int i = 0; i < targets.size(); i++) {
        cells[i + 1] = cell(SpeedBench.of(rows, targets.get(i), Variant.SPEED), nodes, Cost::each);
      }
      table.row(cells);
    }
    return table.text();
  }

  private static String elements(List<Row> rows) {
    Table table = new Table(1, "nodes", "elements");
    List<Row> vector = SpeedBench.of(rows, Target.RV64GCV, Variant.SPEED);
    for (NodeClass nodes : NodeClass.values()) {
      table.row(nodes.text(), cell(vector, nodes, Cost::elementsEach));
    }
    return table.text();
  }

  private static String cell(List<Row> rows, NodeClass nodes, ToDoubleFunction<Cost> each) {
    List<Cost> costs =
        rows.stream()
            .map(Row::classes)
            .map((Map<NodeClass, Cost> classes) -> Optional.ofNullable(classes.get(nodes)))
            .flatMap(Optional::stream)
            .toList();
    if (costs.isEmpty()) {
      return Table.NONE;
    }
    Cost all = costs.stream().reduce(Cost::plus).orElseThrow();
    double least = costs.stream().mapToDouble(each).min().orElseThrow();
    double most = costs.stream().mapToDouble(each).max().orElseThrow();
    return Table.number(each.applyAsDouble(all), 2)
        + " ("
        + Table.number(least, 2)
        + " to "
        + Table.number(most, 2)
        + ")";
  }

  private static String networks(List<Row> rows, Target target) {
    Table table =
        new Table(
            1, "network", "instructions, M", "cycles, M", "arena", "weights", "code", "stack");
    for (Row row : SpeedBench.of(rows, target, Variant.SPEED)) {
      table.row(
          row.model(),
          Table.number(row.instructions() / MILLION, 3),
          millions(row.cycles()),
          Table.number(row.arena()),
          Table.number(row.weights()),
          Table.number(row.code()),
          Table.number(row.stack()));
    }
    return table.text();
  }

  private static String millions(@Nullable Long cycles) {
    return cycles == null ? Table.NONE : Table.number(cycles / MILLION, 3);
  }
}
