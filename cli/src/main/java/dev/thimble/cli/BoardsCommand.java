package dev.thimble.cli;

import dev.thimble.report.BoardsReport;
import dev.thimble.report.Json;
import dev.thimble.target.Board;
import dev.thimble.target.BoardWriter;
import dev.thimble.target.Boards;
import dev.thimble.target.Region;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boards}: lists the boards, or shows one. */
@Command(
    name = "boards",
    mixinStandardHelpOptions = true,
    description = "Lists the boards that --board takes, or shows one with all its figures.")
final class BoardsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "BOARD",
      arity = "0..1",
      description = "A board's name, or a .json file that describes one.")
  private @Nullable String name;

  @Option(
      names = "--json",
      description = "Print JSON to stdout; of one board, what --board FILE.json reads.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (name != null) {
      Board board = BoardArgument.board(name);
      if (json) {
        System.out.print(Json.write(BoardWriter.fields(board)));
      }
      print(board);
    } else {
      if (json) {
        System.out.print(
            Json.write(new BoardsReport(Boards.all().stream().map(BoardWriter::fields).toList())));
      }
      System.err.printf(
          Locale.ROOT,
          "%-20s %-14s %5s  %8s %8s  %s%n",
          "board",
          "target",
          "MHz",
          "RAM",
          "flash",
          "part");
      Boards.all().forEach(BoardsCommand::printRow);
      System.err.println("`thimble boards BOARD` shows one with its regions and sources");
    }
    return ExitCode.DONE;
  }

  private static void printRow(Board board) {
    System.err.printf(
        Locale.ROOT,
        "%-20s %-14s %5s  %8s %8s  %s%n",
        board.name(),
        board.target().text(),
        number(board.clockMhz()),
        size(board.ramBytes()),
        size(board.flashBytes()),
        board.part() + ": " + regions(board));
  }

  private static String regions(Board board) {
    return board.regions().stream()
        .filter(region -> region.kind().isRam())
        .map(region -> region.name() + " " + size(region.bytes()))
        .collect(Collectors.joining(", "));
  }

  private static void print(Board board) {
    System.err.println(board.name() + ": " + board.title() + ", " + board.part());
    if (!board.aliases().isEmpty()) {
      System.err.println("also called " + String.join(", ", board.aliases()));
    }
    System.err.println(
        "target " + board.target().text() + ", " + number(board.clockMhz()) + " MHz");
    System.err.println(
        board
            .activePower()
            .map(power ->
                String.format(
                    Locale.ROOT,
                    "active %.1f mW: %s mA at %s V and %s MHz; %s",
                    power.milliwatts(),
                    number(power.milliamperes()),
                    number(power.volts()),
                    number(power.mhz()),
                    power.conditions()))
            .orElse("active power unknown"));
    board.regions().forEach(BoardsCommand::print);
    System.err.println("sources:");
    board.sources().forEach(source -> System.err.println("  " + source));
  }

  private static void print(Region region) {
    String waits =
        region.randomWaitStates().isPresent()
            ? "wait states " + region.randomWaitStates().getAsInt()
            : "wait states unknown";
    List<String> cannot =
        List.of(region.executable() ? "" : ", not executable", region.dma() ? "" : ", no DMA");
    System.err.printf(
        Locale.ROOT,
        "  %-10s %-14s %8s  %-10s  %s%s%n",
        region.name(),
        region.kind().name().toLowerCase(Locale.ROOT),
        size(region.bytes()),
        region.address().isPresent()
            ? String.format(Locale.ROOT, "0x%08x", region.address().getAsLong())
            : "unmapped",
        waits,
        String.join("", cannot));
    region
        .cache()
        .ifPresent(cache -> System.err.println("             hidden by: " + cache.name()));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static String size(long bytes) {
    boolean whole = bytes % 1024 == 0;
    return whole ? ByteSize.grouped(bytes / 1024) + "K" : ByteSize.grouped(bytes);
  }
}
