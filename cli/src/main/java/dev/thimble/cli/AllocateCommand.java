package dev.thimble.cli;

import dev.thimble.report.AllocateReport;
import dev.thimble.report.Json;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.schedule.offsets.ExactSearch;
import dev.thimble.schedule.offsets.Greedy;
import dev.thimble.schedule.offsets.Offsets;
import dev.thimble.schedule.offsets.OffsetsValidator;
import dev.thimble.schedule.offsets.OwnSearch;
import dev.thimble.schedule.offsets.Problem;
import dev.thimble.schedule.offsets.Solution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code allocate}: gives the blocks of a table their offsets in an arena. */
@Command(
    name = "allocate",
    mixinStandardHelpOptions = true,
    description = "Gives memory blocks with live ranges, in CSV, their offsets in a small arena.")
final class AllocateCommand implements Callable<Integer> {
  private static final String CP_SAT = "cp-sat";

  @Parameters(
      paramLabel = "INPUT.csv",
      arity = "1..*",
      description = {
        "Columns id, lower, upper (exclusive), size and optionally alignment.",
        "For several files only one line of figures each is printed."
      })
  private List<Path> inputs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write the table with the column offset (default: stdout).")
  private @Nullable Path out;

  @Option(
      names = "--capacity",
      paramLabel = "SIZE",
      description = "Exit code 3 and no table if the arena is larger: bytes, or with K or M.")
  private @Nullable String capacity;

  @Option(
      names = "--solver",
      paramLabel = "S",
      defaultValue = "auto",
      description = "auto, cp-sat, own or greedy (default: ${DEFAULT-VALUE}).")
  private String solver;

  @Option(names = "--json", description = "Print figures and offsets as JSON to stdout instead.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Long most = capacity == null ? null : (Long) ByteSize.parse("--capacity", capacity);
    checkUse();
    List<AllocateReport.Result> results = new ArrayList<>();
    for (Path input : inputs) {
      BlockTable table = BlockTable.read(input);
      Problem problem = table.problem();
      long start = System.nanoTime();
      Solution solution = solve(problem);
      double seconds = (System.nanoTime() - start) / 1e9;
      OffsetsValidator.check(problem, solution);
      AllocateReport.Result result = result(input, table, problem, solution, seconds, most);
      print(result);
      results.add(result);
      if (result.fits() && inputs.size() == 1) {
        write(table.with(solution.offsets()));
      }
    }
    if (json) {
      System.out.print(Json.write(new AllocateReport(results)));
    }
    return results.stream().allMatch(AllocateReport.Result::fits)
        ? ExitCode.DONE
        : ExitCode.OVER_BUDGET;
  }

  private void checkUse() throws IOException {
    if (!List.of("auto", CP_SAT, "own", "greedy").contains(solver)) {
      throw new IllegalArgumentException(
          "--solver '" + solver + "' is none of auto, cp-sat, own, greedy");
    }
    Path target = out;
    if (target == null) {
      return;
    }
    if (inputs.size() > 1) {
      throw new IllegalArgumentException("--out takes the table of one file, not of several");
    }
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("--out " + target + ": there is no such folder");
    }
    if (Files.isDirectory(target)) {
      throw new IllegalArgumentException("--out " + target + " is a folder, expected a file");
    }
    if (Files.exists(target) && Files.isSameFile(target, inputs.getFirst())) {
      throw new IllegalArgumentException("--out " + target + " is the input; name another file");
    }
  }

  private Solution solve(Problem problem) {
    return switch (solver) {
      case "greedy" -> Greedy.solve(problem);
      case "own" -> OwnSearch.solve(problem);
      case CP_SAT -> ExactSearch.solve(problem);
      default -> Offsets.solve(problem, Effort.EXACT);
    };
  }

  private static AllocateReport.Result result(
      Path input,
      BlockTable table,
      Problem problem,
      Solution solution,
      double seconds,
      @Nullable Long most) {
    List<String> ids = table.ids();
    return new AllocateReport.Result(
        input.toString(),
        ids.size(),
        solution.size(),
        problem.lowerBound(),
        solution.bound(),
        solution.proof() == Solution.Proof.OPTIMAL,
        solution.solver(),
        Math.round(seconds * 1_000) / 1e3,
        most,
        most == null || solution.size() <= most,
        IntStream.range(0, ids.size())
            .mapToObj(i -> new AllocateReport.Placed(ids.get(i), solution.offsets().get(i)))
            .toList());
  }

  private static void print(AllocateReport.Result result) {
    String proof =
        result.optimal()
            ? "optimal"
            : String.format(
                Locale.ROOT,
                "gap %.2f %% (at least %s)",
                100.0 * (result.size() - result.bound()) / result.size(),
                ByteSize.grouped(result.bound()));
    System.err.printf(
        Locale.ROOT,
        "%s: %s blocks, size %s bytes, lower bound %s, %s, by %s in %.2f s%n",
        result.file(),
        ByteSize.grouped(result.blocks()),
        ByteSize.grouped(result.size()),
        ByteSize.grouped(result.lowerBound()),
        proof,
        result.solver(),
        result.seconds());
    Long most = result.capacity();
    if (most != null && !result.fits()) {
      System.err.printf(
          Locale.ROOT,
          "%s: does not fit into %s bytes: %s%n",
          result.file(),
          ByteSize.grouped(most),
          result.bound() > most ? "nothing can" : "no way was found, though one may exist");
    }
  }

  /** Writes the table: a file whole or not at all, a device or a pipe as it is. */
  private void write(String table) throws IOException {
    Path named = out;
    if (named == null) {
      if (!json) {
        System.out.print(table);
        System.out.flush();
      }
      return;
    }
    // What a link leads to is written, and the link stays.
    Path target = Files.exists(named) ? named.toRealPath() : named.toAbsolutePath();
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      Files.writeString(target, table);
      return;
    }
    // In a folder of its own the file has the permissions of any new file.
    Path half = Files.createTempDirectory(target.getParent(), ".allocate");
    Path file = half.resolve("table.csv");
    try {
      Files.writeString(file, table);
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(half);
    }
  }
}
