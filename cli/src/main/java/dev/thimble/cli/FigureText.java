package dev.thimble.cli;

import dev.thimble.report.CompileReport;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a compilation's figures for people. */
final class FigureText {
  private FigureText() {}

  static void print(PrintStream out, CompileReport report) {
    out.printf(
        Locale.ROOT,
        "%s: %d nodes, %s MACs",
        report.name(),
        report.nodes().size(),
        n(report.macs()));
    out.println(
        report.macs() == report.macsSource()
            ? ""
            : " (of " + n(report.macsSource()) + " in the network as imported)");
    CompileReport.Arena arena = report.arena();
    out.printf(
        Locale.ROOT,
        "RAM    %10s bytes of arena, strategy %s%n",
        n(report.arenaBytes()),
        report.memoryStrategy());
    out.printf(
        Locale.ROOT,
        "       at the peak: %sinput %s, output %s, activations %s, scratch %s, holes %s%n",
        arena.state() > 0 ? "state " + n(arena.state()) + ", " : "",
        n(arena.input()),
        n(arena.output()),
        n(arena.activations()),
        n(arena.scratch()),
        n(arena.holes()));
    for (CompileReport.RegionRow region : report.regions()) {
      out.printf(
          Locale.ROOT,
          "       in %s: %s of %s bytes%s%n",
          region.name(),
          n(region.bytesUsed()),
          n(region.bytes()),
          region.address() == null ? "" : " at " + region.address());
    }
    long copied = report.prefetch().stream().mapToLong(CompileReport.PrefetchRow::bytes).sum();
    if (copied > 0) {
      out.printf(
          Locale.ROOT,
          "       weights of %d steps, %s bytes, are copied to the arena before they are used%n",
          report.prefetch().size(),
          n(copied));
    }
    out.printf(
        Locale.ROOT,
        "flash  %10s bytes of constants: filters %s, biases and requantisation %s%n",
        n(report.weightsBytes()),
        n(report.filtersBytes()),
        n(report.biasRequantBytes()));
    time(out, report);
    String rewrites =
        report.rewrites().stream()
            .filter(row -> row.count() > 0)
            .map(row -> row.rule() + " " + row.count())
            .collect(Collectors.joining(", "));
    out.println("rewrites: " + (rewrites.isEmpty() ? "none" : rewrites));
    out.println(
        "strategies: "
            + report.alternatives().stream()
                .map(a -> a.strategy() + " " + n(a.arenaBytes()))
                .collect(Collectors.joining(", ")));
  }

  private static void time(PrintStream out, CompileReport report) {
    if (report.cycles() == null) {
      return;
    }
    out.printf(Locale.ROOT, "time   %10s cycles", n(report.cycles()));
    if (report.latencyMs() != null) {
      out.printf(Locale.ROOT, ", %.2f ms", report.latencyMs());
    }
    if (report.energyUj() != null) {
      out.printf(Locale.ROOT, ", %.2f uJ", report.energyUj());
    }
    out.println("; estimates, profile counts");
  }

  private static String n(long number) {
    return ByteSize.grouped(number);
  }
}
