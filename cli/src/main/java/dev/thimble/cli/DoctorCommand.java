package dev.thimble.cli;

import dev.thimble.report.DoctorReport;
import dev.thimble.report.Json;
import dev.thimble.toolchain.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: says which external tools it found, and how to get the others. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Says which external tools are there, and how to get those that are not.")
final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print the findings as JSON to stdout.")
  private boolean json;

  @Override
  public Integer call() {
    List<DoctorReport.ToolRow> rows = new ArrayList<>();
    for (Tool tool : Tool.values()) {
      Optional<Path> path = tool.find();
      rows.add(
          new DoctorReport.ToolRow(
              tool.command(),
              tool.purpose(),
              path.isPresent(),
              path.map(Path::toString).orElse(null),
              path.isPresent() ? null : tool.installCommand()));
    }
    boolean complete = rows.stream().allMatch(DoctorReport.ToolRow::found);
    if (json) {
      System.out.print(Json.write(new DoctorReport(Runtime.version().toString(), complete, rows)));
    }
    System.err.println("java " + Runtime.version() + ": compiles models without any other tool");
    rows.forEach(DoctorCommand::print);
    return complete ? ExitCode.DONE : ExitCode.TOOL_MISSING;
  }

  private static void print(DoctorReport.ToolRow row) {
    System.err.printf(
        Locale.ROOT,
        "%-18s %-8s %s; %s%n",
        row.tool(),
        row.found() ? "found" : "MISSING",
        row.purpose(),
        row.found() ? row.path() : "on Debian, as root: " + row.install());
  }
}
