package dev.thimble.cli;

import dev.thimble.Estimates;
import dev.thimble.importer.ImportedModel;
import dev.thimble.report.EstimateReport;
import dev.thimble.report.EstimateReport.BoardRow;
import dev.thimble.report.EstimateReport.Variant;
import dev.thimble.report.Json;
import dev.thimble.target.Board;
import dev.thimble.target.Boards;
import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code estimate}: what a network would take on boards, without building anything. */
@Command(
    name = "estimate",
    mixinStandardHelpOptions = true,
    description = {
      "Estimates RAM, flash, time and energy on boards, int8 beside float, without a C compiler.",
      "Without --board on all boards, or on those of --target."
    })
final class EstimateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A model: .tflite, .onnx, .pt2, .keras or .h5.")
  private Path model;

  @Option(
      names = "--target",
      paramLabel = "T",
      description = "The processor whose boards are meant (default: all).")
  private @Nullable String target;

  @Option(names = "--json", description = "Print the figures as JSON to stdout.")
  private boolean json;

  @Mixin private CompileArguments arguments;

  @Override
  public Integer call() throws IOException {
    if (arguments.dumps()) {
      throw new IllegalArgumentException("estimate prints no dump; compile --dump-after does");
    }
    List<Board> boards = boards();
    ImportedModel imported = arguments.quantizing().apply(arguments.read(model));
    Estimates estimates =
        new Estimates(imported, arguments.options(Target.PORTABLE, Optional.empty()));
    List<BoardRow> rows = new ArrayList<>();
    for (Board board : boards) {
      rows.add(estimates.on(board));
    }
    EstimateReport report = estimates.report(rows);
    if (json) {
      System.out.print(Json.write(report));
    }
    print(report);
    return fits(report) ? ExitCode.DONE : ExitCode.OVER_BUDGET;
  }

  /** The boards asked for, or all of the target, or all. */
  private List<Board> boards() {
    Optional<Target> core = Optional.ofNullable(target).map(Target::ofText);
    List<Board> given = arguments.board().boards();
    for (Board board : given) {
      if (core.isPresent() && board.target() != core.get()) {
        throw new IllegalArgumentException(
            "--target "
                + core.get().text()
                + " contradicts --board "
                + board.name()
                + ", which is a "
                + board.target().text()
                + "; leave one of them away");
      }
    }
    List<Board> meant =
        given.isEmpty()
            ? Boards.all().stream()
                .filter(board -> core.isEmpty() || board.target() == core.get())
                .toList()
            : given;
    if (meant.isEmpty()) {
      throw new IllegalArgumentException(
          "no board that Thimble knows is a "
              + core.map(Target::text).orElse("")
              + "; describe one in a file for --board");
    }
    return meant;
  }

  private static boolean fits(EstimateReport report) {
    return report.boards().stream()
        .flatMap(row -> row.variants().stream())
        .anyMatch(variant -> variant.given() && Boolean.TRUE.equals(variant.fits()));
  }

  private static void print(EstimateReport report) {
    System.err.printf(
        Locale.ROOT,
        "%-20s %-8s %11s %11s %12s %10s %10s  %s%n",
        "board",
        "elements",
        "RAM",
        "flash",
        "cycles",
        "ms",
        "uJ",
        "fits");
    for (BoardRow row : report.boards()) {
      for (Variant variant : row.variants()) {
        print(row, variant);
      }
    }
    System.err.println(
        "RAM and constants as compile has them; code, cycles, ms and uJ are models:");
    report.boards().stream()
        .flatMap(row -> row.variants().stream())
        .map(Variant::cyclesBasis)
        .filter(basis -> basis != null)
        .distinct()
        .forEach(basis -> System.err.println("  " + basis));
    if (!fits(report)) {
      System.err.println(
          "thimble: the network as it is given fits "
              + (report.boards().size() == 1 ? "not: " : "none of these boards; on the first: ")
              + report.boards().getFirst().variants().getFirst().reason());
    }
  }

  private static void print(BoardRow row, Variant variant) {
    System.err.printf(
        Locale.ROOT,
        "%-20s %-8s %11s %11s %12s %10s %10s  %s%n",
        variant.given() ? row.board() : "",
        variant.precision(),
        grouped(variant.arenaBytes()),
        grouped(variant.flashBytes()),
        grouped(variant.cycles()),
        figure(variant.latencyMs()),
        figure(variant.energyUj()),
        verdict(variant));
  }

  private static String verdict(Variant variant) {
    if (Boolean.TRUE.equals(variant.fits())) {
      return "yes" + (variant.given() ? "" : ", if it were of " + variant.precision());
    }
    return (variant.fits() == null ? "" : "no: ") + variant.reason();
  }

  private static String grouped(@Nullable Long value) {
    return value == null ? "?" : ByteSize.grouped(value);
  }

  private static String figure(@Nullable Double value) {
    return value == null ? "?" : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }
}
