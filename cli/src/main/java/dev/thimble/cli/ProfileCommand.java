package dev.thimble.cli;

import dev.thimble.Compilation;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.report.Json;
import dev.thimble.report.ProfileReport;
import dev.thimble.target.Board;
import dev.thimble.target.Target;
import dev.thimble.toolchain.BoardFigures;
import dev.thimble.toolchain.Profile;
import dev.thimble.toolchain.Profiler;
import dev.thimble.toolchain.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code profile}: counts one inference on a simulated core, node by node. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = "Counts the instructions of one inference on a simulated core, node by node.")
final class ProfileCommand implements Callable<Integer> {
  private static final int NAME_LENGTH = 40;

  @Option(
      names = "--target",
      paramLabel = "T",
      description = "The simulated core (default: that of the board, or cortex-m4).")
  private @Nullable String target;

  @Option(
      names = "--vlen",
      paramLabel = "BITS",
      description =
          "The length of vector registers of rv32gcv and rv64gcv: 128, 256, 512 or 1024 (default:"
              + " 128).")
  private @Nullable Integer vectorBits;

  @Option(names = "--json", description = "Print the figures as JSON to stdout.")
  private boolean json;

  @Mixin private ProgramSource source;
  @Mixin private Sampling sampling;

  @Override
  public Integer call() throws IOException {
    List<String> given = target == null ? List.of() : List.of(target);
    Target core = source.targets(given, Target.CORTEX_M4).getFirst();
    try (Workspace scratch = Workspace.create()) {
      ProgramSource.Opened program = source.open(core, scratch.folder());
      Compilation compilation = program.compilation();
      Profile profile =
          new Profiler(
                  compilation.subject(program.folder()),
                  sampling.read(compilation.model().inputs(), 1, source.quantizing()).getFirst(),
                  compilation.options().prefer().small(),
                  vectorBits == null ? OptionalInt.empty() : OptionalInt.of(vectorBits),
                  program.board())
              .run(core);
      ProfileReport report = report(compilation, profile, program.board());
      if (json) {
        System.out.print(Json.write(report));
      }
      print(report);
      return ExitCode.DONE;
    }
  }

  private static ProfileReport report(
      Compilation compilation, Profile profile, Optional<Board> board) {
    Profile.Counts total = profile.total();
    Optional<BoardFigures> figures = board.flatMap(b -> BoardFigures.of(profile, b));
    return new ProfileReport(
        profile.target(),
        profile.vectorBits().isPresent() ? profile.vectorBits().getAsInt() : null,
        board.map(Board::name).orElse(null),
        total.instructions(),
        profile.cyclesBasis().isPresent() ? total.cycles() : null,
        profile.cyclesBasis().orElse(null),
        figures.map(BoardFigures::latencyMs).orElse(null),
        figures.map(BoardFigures::latencyBasis).orElse(null),
        figures.flatMap(BoardFigures::energyUj).orElse(null),
        figures.flatMap(BoardFigures::energyBasis).orElse(null),
        total.loads(),
        total.stores(),
        total.unaligned(),
        elements(profile, total),
        profile.stackBytes(),
        compilation.plan().arenaBytes(),
        profile.codeBytes(),
        compilation.program().sizes().weights(),
        profile.regions().stream()
            .map(r ->
                new ProfileReport.RegionRow(
                    r.name(), r.loads(), r.stores(), r.loadBytes(), r.storeBytes()))
            .toList(),
        rows(compilation, profile));
  }

  private static List<ProfileReport.NodeRow> rows(Compilation compilation, Profile profile) {
    Graph graph = compilation.graph();
    Map<Integer, List<Node>> byFunction = new TreeMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      byFunction
          .computeIfAbsent(compilation.program().nodes().get(i), n -> new ArrayList<>())
          .add(graph.nodes().get(i));
    }
    List<ProfileReport.NodeRow> rows = new ArrayList<>();
    byFunction.forEach((number, nodes) -> {
      Profile.Counts counts = profile.functions().get(number);
      if (counts != null) {
        rows.add(
            new ProfileReport.NodeRow(
                nodes.getLast().name(),
                nodes.stream().map(n -> n.op().kind()).collect(Collectors.joining("+")),
                nodes.stream().mapToLong(Node::macs).sum(),
                counts.instructions(),
                profile.cyclesBasis().isPresent() ? counts.cycles() : null,
                counts.loads(),
                counts.stores(),
                elements(profile, counts)));
      }
    });
    return rows;
  }

  private static @Nullable Long elements(Profile profile, Profile.Counts counts) {
    return profile.vectorBits().isPresent() ? counts.elements() : null;
  }

  /** Names of fused nodes list all that was fused; their beginning tells them apart. */
  private static String shortened(String name) {
    return name.length() <= NAME_LENGTH ? name : name.substring(0, NAME_LENGTH - 1) + "…";
  }

  private static String cycles(@Nullable Long cycles) {
    return cycles == null ? "unknown" : ByteSize.grouped(cycles);
  }

  private static void print(ProfileReport report) {
    System.err.printf(Locale.ROOT, "%12s %12s %9s  node%n", "instructions", "cycles", "per MAC");
    for (ProfileReport.NodeRow row : report.nodes()) {
      String perMac =
          row.macs() == 0
              ? ""
              : String.format(Locale.ROOT, "%.2f", row.instructions() / (double) row.macs());
      System.err.printf(
          Locale.ROOT,
          "%12s %12s %9s  %s (%s)%n",
          ByteSize.grouped(row.instructions()),
          cycles(row.cycles()),
          perMac,
          shortened(row.name()),
          row.op());
    }
    System.err.printf(
        Locale.ROOT,
        "%12s %12s            in all on %s%s; cycles: %s%n",
        ByteSize.grouped(report.instructions()),
        cycles(report.cycles()),
        report.target(),
        report.vlen() == null ? "" : ", VLEN " + report.vlen(),
        report.cyclesBasis() == null ? "no model" : report.cyclesBasis());
    System.err.printf(
        Locale.ROOT,
        "loads %s, stores %s, unaligned %s; stack %s, arena %s, code %s, weights %s bytes%n",
        ByteSize.grouped(report.loads()),
        ByteSize.grouped(report.stores()),
        ByteSize.grouped(report.unaligned()),
        ByteSize.grouped(report.stackBytes()),
        ByteSize.grouped(report.arenaBytes()),
        ByteSize.grouped(report.codeBytes()),
        ByteSize.grouped(report.weightsBytes()));
    if (report.elementOperations() != null) {
      System.err.printf(
          Locale.ROOT,
          "vector instructions work on at most %s elements%n",
          ByteSize.grouped(report.elementOperations()));
    }
    if (report.latencyMs() != null) {
      System.err.printf(
          Locale.ROOT,
          "%.2f ms on %s: %s%n",
          report.latencyMs(),
          report.board(),
          report.latencyMsBasis());
    }
    if (report.energyUj() != null) {
      System.err.printf(Locale.ROOT, "%.0f uJ: %s%n", report.energyUj(), report.energyUjBasis());
    }
  }
}
