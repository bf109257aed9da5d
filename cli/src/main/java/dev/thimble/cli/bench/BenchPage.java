package dev.thimble.cli.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what was measured as a page of {@code docs/}. */
final class BenchPage {
  /** A stream may cost this many times the instructions of running node by node. */
  private static final double MOST_RATIO = 1.15;

  private static final String MEMORY =
      """

      ## Memory

      The arena holds everything that an inference needs, stack aside: input, output, activations
      and scratch. *Greedy* gives every value a buffer of its own and places them by size, as the
      planner of TensorFlow Lite Micro does. *Unlu* is the plan of arXiv 2007.01348: two buffers in
      turns, and convolutions that write their max-pooled output at once. *In-place*, *overlap*
      and *stream* are Thimble's strategies, each with all means of the one before it. *Rows*
      takes the input row by row (`--feed rows`), so that it never lies in memory as a whole;
      *best* is the smallest arena of any strategy then. *Gap* is by how much the smallest plan of
      a whole input exceeds the bytes in use at its busiest moment. A dash: nothing to add, or the
      network cannot be fed by rows.

      """;

  private static final String HOST =
      """

      ## On the host

      One inference on one thread of this machine, the runtimes in turns in one process: the portable
      C that Thimble writes, built by gcc with `-O3 -march=native`, which has no kernels for such
      processors; TensorFlow Lite with its own kernels and with those of XNNPACK; ONNX Runtime on a
      quantised ONNX file of the same network, where there is one. *Ratio* is Thimble's time divided
      by the other's: below 1 Thimble is faster.

      """;

  private static final String OFFSETS =
      """

      ## Offset assignment

      Instances of [minimalloc](https://github.com/google/minimalloc), in its format: buffers with
      given live ranges to be placed in as few bytes as possible. They are made to fit *capacity*
      just so. *Greedy* places by size; *fast* is what every compilation does; *exact* goes on to
      search with a limit (`--offsets exact`). All solutions were validated.

      """;

  private static final String TIME =
      """

      ## Time to compile

      Synthetic int8 networks of maps of 8x8x4, compiled in one process that is warm. *Plan* makes
      the plans of all strategies, the choice of streams included; *validate* proves each of them;
      *code* writes the C of the last. *Allocated* is what planning asked of the heap in all,
      garbage included.

      """;

  private BenchPage() {}

  static String write(BenchReport report) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Benchmarks

        This page is written by

        ```sh
        %s
        ```

        where the folders given hold networks beside those of `examples/`. Sizes are bytes. Sizes
        and instruction counts are the same at every run; times, columns in ms or µs, are of one core of
        a machine with %s, and differ from run to run.
        """
            .formatted(report.command(), report.core()));
    if (report.memory() != null) {
      memory(page, report, report.memory());
    }
    if (report.speed() != null) {
      SpeedPage.append(page, report.speed());
    }
    if (report.host() != null) {
      host(page, report.host());
    }
    if (report.allocator() != null) {
      allocator(page, report.allocator());
    }
    if (report.planning() != null) {
      planning(page, report.planning());
    }
    if (report.formats() != null) {
      FormatsPage.append(page, report.target(), report.formats());
    }
    return page.toString();
  }

  private static void memory(StringBuilder page, BenchReport report, List<MemoryBench.Row> rows) {
    page.append(MEMORY);
    Table table =
        new Table(
            1,
            "network",
            "MACs",
            "greedy",
            "Unlu",
            "in-place",
            "overlap",
            "stream",
            "gap",
            "rows: stream",
            "rows: best");
    for (MemoryBench.Row row : rows) {
      table.row(
          row.model(),
          Table.number(row.macs()),
          Table.number(row.greedy()),
          Table.number(row.paper()),
          Table.number(row.inPlace()),
          Table.number(row.overlap()),
          number(row.stream()),
          Table.number(row.gap()),
          number(row.fedStream()),
          number(row.fedBest()));
    }
    page.append(table.text());
    page.append(peers());
    instructions(page, report, rows);
  }

  /** What others need; the figures are theirs, or measured with their code. */
  private static String peers() {
    Table table = new Table(1, "arena or RAM", "VWW", "KWS", "IC", "AD");
    table.row(
        "TensorFlow Lite Micro with CMSIS-NN: arena, measured on a simulated Cortex-M4",
        "100,708",
        "22,820",
        "54,996",
        "2,580");
    table.row("X-CUBE-AI 7: RAM, results of MLPerf Tiny", "65,891", "18,166", "42,315", "1,536");
    table.row("Bosch HALE: RAM, results of MLPerf Tiny v1.2", "55,296", "16,000", "36,560", "768");
    return "\nFor comparison, what others need for the networks of MLPerf Tiny:\n\n" + table.text();
  }

  private static void instructions(
      StringBuilder page, BenchReport report, List<MemoryBench.Row> rows) {
    page.append(
        """

        ### What it costs

        Instructions of one inference on a simulated %s, portable C kernels, all built with `-O2`:
        node by node with the strategies *in-place* and *overlap*, as *stream*, and fed by rows
        (*rows: best* above). *Ratio* is how many times the instructions of the quicker of the first
        two a program takes; the aim is at most %s. *Equal*: every value that the program stored was
        compared with the reference evaluation of the network as imported, for these four programs.
        Networks of more than %s MACs are not simulated.
        """
            .formatted(
                report.target(),
                Table.number(MOST_RATIO, 2),
                Table.number(MemoryBench.MOST_SIMULATED_MACS)));
    if (!report.simulated()) {
      page.append("\nNothing was simulated: `./thimble doctor` says which tools are missing.\n");
    }
    Table table =
        new Table(
            1, "network", "in-place", "overlap", "stream", "ratio", "rows", "ratio", "outputs");
    for (MemoryBench.Row row : rows) {
      table.row(
          row.model(),
          instructions(row.plain()),
          instructions(row.overlapped()),
          instructions(row.streamed()),
          ratio(row, row.streamed()),
          instructions(row.fed()),
          ratio(row, row.fed()),
          outputs(row));
    }
    page.append('\n').append(table.text());
  }

  private static String number(@Nullable Long number) {
    return number == null ? Table.NONE : Table.number(number);
  }

  private static String instructions(MemoryBench.@Nullable Run run) {
    return run == null ? Table.NONE : number(run.instructions());
  }

  private static String ratio(MemoryBench.Row row, MemoryBench.@Nullable Run run) {
    Long cost = run == null ? null : run.instructions();
    return cost == null || row.wholeInstructions().isEmpty()
        ? Table.NONE
        : Table.number((double) cost / row.wholeInstructions().getAsLong(), 3);
  }

  private static String outputs(MemoryBench.Row row) {
    if (row.plain() == null) {
      return Table.NONE;
    }
    return row.failed() ? "DIFFER" : "equal";
  }

  private static void host(StringBuilder page, List<HostBench.Row> rows) {
    page.append(HOST);
    Table table =
        new Table(
            1,
            "network",
            "Thimble, µs",
            "TensorFlow Lite, µs",
            "ratio",
            "with XNNPACK, µs",
            "ratio",
            "ONNX Runtime, µs",
            "ratio",
            "equals TensorFlow Lite");
    for (HostBench.Row row : rows) {
      table.row(
          row.model(),
          Table.number(row.generated(), 0),
          Table.number(row.builtin(), 0),
          Table.number(row.generated() / row.builtin(), 2),
          Table.number(row.xnnpack(), 0),
          Table.number(row.generated() / row.xnnpack(), 2),
          row.onnx() == null ? Table.NONE : Table.number(row.onnx(), 0),
          row.onnx() == null ? Table.NONE : Table.number(row.generated() / row.onnx(), 2),
          row.equal() ? "yes" : "NO");
    }
    page.append(table.text());
  }

  private static void allocator(StringBuilder page, List<AllocatorBench.Row> rows) {
    page.append(OFFSETS);
    Table table =
        new Table(
            1,
            "instance",
            "buffers",
            "capacity",
            "lower bound",
            "greedy",
            "above capacity",
            "fast",
            "exact",
            "optimal, or gap",
            "solver",
            "time, ms");
    for (AllocatorBench.Row row : rows) {
      table.row(
          row.instance(),
          Table.number(row.buffers()),
          Table.number(row.capacity()),
          Table.number(row.lowerBound()),
          Table.number(row.greedy()),
          Table.number(100.0 * (row.greedy() - row.capacity()) / row.capacity(), 1) + " %",
          Table.number(row.fast()),
          Table.number(row.size()),
          row.optimal() ? "optimal" : Table.number(row.size() - row.bound()),
          row.solver(),
          Table.number(row.ms(), 0));
    }
    page.append(table.text());
  }

  private static void planning(StringBuilder page, List<PlanningBench.Row> rows) {
    page.append(TIME);
    Table table =
        new Table(
            1,
            "network",
            "nodes",
            "rewrite, ms",
            "plan, ms",
            "plan, µs per node",
            "validate, ms",
            "code, ms",
            "in all, ms",
            "allocated, MB");
    for (PlanningBench.Row row : rows) {
      table.row(
          row.network(),
          Table.number(row.nodes()),
          Table.number(row.rewriteMs(), 0),
          Table.number(row.planMs(), 0),
          Table.number(row.planMicrosPerNode(), 0),
          Table.number(row.validateMs(), 0),
          Table.number(row.codeMs(), 0),
          Table.number(row.totalMs(), 0),
          Table.number(row.allocatedBytes() / 1e6, 0));
    }
    page.append(table.text());
  }
}
