package dev.thimble.cli;

import dev.thimble.report.Json;
import dev.thimble.report.TargetsReport;
import dev.thimble.target.Board;
import dev.thimble.target.Boards;
import dev.thimble.target.Target;
import dev.thimble.toolchain.Simulated;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code targets}: lists what programs can be compiled for. */
@Command(
    name = "targets",
    mixinStandardHelpOptions = true,
    description = "Lists the targets, and which of them verify and profile can simulate.")
final class TargetsCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print the list as JSON to stdout.")
  private boolean json;

  @Override
  public Integer call() {
    List<TargetsReport.TargetRow> rows =
        Arrays.stream(Target.values()).map(TargetsCommand::row).toList();
    if (json) {
      System.out.print(Json.write(new TargetsReport(rows)));
    }
    System.err.printf(
        Locale.ROOT, "%-14s %-12s %-7s %-8s %s%n", "target", "also", "verify", "profile", "boards");
    for (TargetsReport.TargetRow row : rows) {
      System.err
          .printf(
              Locale.ROOT,
              "%-14s %-12s %-7s %-8s %s",
              row.name(),
              String.join(", ", row.aliases()),
              row.verify() ? "yes" : "no",
              row.profile() ? "yes" : "no",
              String.join(", ", row.boards()))
          .println();
    }
    return ExitCode.DONE;
  }

  private static TargetsReport.TargetRow row(Target target) {
    return new TargetsReport.TargetRow(
        target.text(),
        target.aliases(),
        Simulated.verifies(target),
        Simulated.profiles(target),
        Boards.all().stream().filter(board -> board.target() == target).map(Board::name).toList());
  }
}
