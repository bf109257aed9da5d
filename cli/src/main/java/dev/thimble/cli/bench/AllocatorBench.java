package dev.thimble.cli.bench;

import dev.thimble.schedule.offsets.Block;
import dev.thimble.schedule.offsets.Effort;
import dev.thimble.schedule.offsets.Greedy;
import dev.thimble.schedule.offsets.Offsets;
import dev.thimble.schedule.offsets.OffsetsValidator;
import dev.thimble.schedule.offsets.Problem;
import dev.thimble.schedule.offsets.Solution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Offset assignment on instances in the format of minimalloc: a CSV file whose columns {@code id},
 * {@code lower}, {@code upper} (exclusive) and {@code size} stand for a buffer a line, named {@code
 * NAME.CAPACITY.csv}.
 */
final class AllocatorBench {
  private static final Pattern NAME = Pattern.compile("(.+)\\.([0-9]{1,15})\\.csv");

  /**
   * One instance, sizes in bytes.
   *
   * @param fast what the search finds that every compilation makes
   * @param size what the exact search finds
   * @param bound no solution is smaller than this
   * @param ms the time of the exact search, the fast one before it included
   */
  record Row(
      String instance,
      int buffers,
      long capacity,
      long lowerBound,
      long greedy,
      long fast,
      long size,
      long bound,
      String solver,
      double ms) {
    boolean optimal() {
      return size == bound;
    }
  }

  private AllocatorBench() {}

  /** The instances: CSV files of this folder, or of folders called minimalloc below it. */
  static List<Path> find(Path folder, boolean below) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + " is no folder of instances");
    }
    try (Stream<Path> walk = below ? Files.walk(folder) : Files.list(folder)) {
      return walk.filter(path -> NAME.matcher(fileName(path)).matches())
          .filter(path ->
              !below || path.toAbsolutePath().endsWith(Path.of("minimalloc", fileName(path))))
          .sorted()
          .toList();
    }
  }

  /** Solves each instance; every solution is validated. */
  static List<Row> run(List<Path> files, Consumer<String> progress) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Path file : files) {
      progress.accept("allocator: " + fileName(file));
      rows.add(row(file));
    }
    return rows;
  }

  private static Row row(Path file) throws IOException {
    Matcher name = NAME.matcher(fileName(file));
    if (!name.matches()) {
      throw new IllegalArgumentException(file + " is not called NAME.CAPACITY.csv");
    }
    Problem problem = read(file);
    Solution greedy = checked(problem, Greedy.solve(problem));
    Solution fast = checked(problem, Offsets.solve(problem, Effort.FAST));
    long start = System.nanoTime();
    Solution exact = checked(problem, Offsets.solve(problem, Effort.EXACT));
    return new Row(
        name.group(1),
        problem.blocks().size(),
        Long.parseLong(name.group(2)),
        problem.lowerBound(),
        greedy.size(),
        fast.size(),
        exact.size(),
        exact.bound(),
        exact.solver(),
        (System.nanoTime() - start) / 1e6);
  }

  private static Solution checked(Problem problem, Solution solution) {
    OffsetsValidator.check(problem, solution);
    return solution;
  }

  private static Problem read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().strip().equals("id,lower,upper,size")) {
      throw new IllegalArgumentException(
          file + ": the first line is not id,lower,upper,size, as minimalloc writes it");
    }
    List<Block> blocks = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).strip().split(",", -1);
      if (cells.length != 4) {
        throw new IllegalArgumentException(file + ", line " + (i + 1) + ": expected 4 columns");
      }
      try {
        int first = Integer.parseInt(cells[1]);
        int last = Integer.parseInt(cells[2]) - 1;
        blocks.add(Block.plain("b" + cells[0], 1, Long.parseLong(cells[3]), first, last));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            file + ", line " + (i + 1) + ": '" + lines.get(i) + "' is not made of numbers", e);
      }
    }
    return new Problem(blocks);
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }
}
