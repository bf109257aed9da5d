package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.thimble.schedule.MemoryPlan.Placed;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OffsetsTest {
  @Test
  void theLargestBufferLiesAtZeroAndOthersInTheLowestGap() {
    Offsets.Problem problem =
        problem(
            buffer("a", 4, 1, 0, 1),
            buffer("b", 10, 1, 1, 2),
            buffer("c", 3, 1, 2, 3),
            buffer("d", 7, 1, 3, 4),
            buffer("e", 2, 1, 0, 4));

    Offsets.Solution solution = GreedyBySize.solve(problem);

    // b at 0, d at 0, a after b, c after b and d, e after all that it meets.
    assertThat(solution).isEqualTo(new Offsets.Solution(List.of(10L, 0L, 10L, 0L, 14L), 16));
    assertThat(problem.lowerBound()).isEqualTo(16);
  }

  @Test
  void anOffsetIsRoundedUpToItsAlignment() {
    Offsets.Problem problem = problem(buffer("a", 5, 1, 0, 0), buffer("b", 4, 4, 0, 0));

    assertThat(GreedyBySize.solve(problem)).isEqualTo(new Offsets.Solution(List.of(0L, 8L), 12));
    assertThat(BestOrder.solve(problem)).isEqualTo(new Offsets.Solution(List.of(4L, 0L), 9));
  }

  @Test
  void buffersOfOneSizeArePlacedByFirstUse() {
    Offsets.Problem problem = problem(buffer("later", 4, 1, 1, 2), buffer("sooner", 4, 1, 0, 1));

    assertThat(GreedyBySize.solve(problem).offsets()).containsExactly(4L, 0L);
  }

  @Test
  void noBuffersNeedNoArena() {
    assertThat(BestOrder.solve(problem())).isEqualTo(new Offsets.Solution(List.of(), 0));
    assertThat(problem().lowerBound()).isZero();
  }

  @Test
  void randomProblemsAreSolvedWithoutOverlaps() {
    for (int seed = 0; seed < 2_000; seed++) {
      Offsets.Problem problem = random(new SplittableRandom(seed), 1 + seed % 40);

      for (Offsets.Solution solution :
          List.of(
              SimpleOffsets.naive(problem),
              SimpleOffsets.pingPong(problem),
              GreedyBySize.solve(problem))) {
        prove(problem, solution, "seed " + seed);
      }
      if (seed % 20 == 0) {
        Offsets.Solution best = BestOrder.solve(problem);
        prove(problem, best, "seed " + seed);
        assertThat(best.size()).isLessThanOrEqualTo(GreedyBySize.solve(problem).size());
        assertThat(BestOrder.solve(problem)).isEqualTo(best);
      }
    }
  }

  @Test
  void tinyProblemsAreSolvedOptimally() {
    int greedyMisses = 0;
    for (int seed = 0; seed < 150; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Buffer> buffers = new ArrayList<>();
      for (int i = 0; i < 2 + seed % 5; i++) {
        int first = random.nextInt(4);
        buffers.add(buffer("b" + i, 1 + random.nextInt(5), 1, first, first + random.nextInt(3)));
      }
      Offsets.Problem problem = new Offsets.Problem(buffers);
      long optimum = exhaustive(buffers, new long[buffers.size()], 0, 0, Long.MAX_VALUE);

      assertThat(BestOrder.solve(problem).size()).as("seed " + seed).isEqualTo(optimum);
      assertThat(GreedyBySize.solve(problem).size()).isGreaterThanOrEqualTo(optimum);
      greedyMisses += GreedyBySize.solve(problem).size() > optimum ? 1 : 0;
    }
    assertThat(greedyMisses).as("problems that tell the two apart").isPositive();
  }

  @Test
  void theMinimallocProblemsAreSolvedWithoutOverlaps() throws IOException {
    Path folder = Shared.require("cases/07_allocator/minimalloc");
    int solved = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.csv")) {
      for (Path file : files) {
        Offsets.Problem problem = read(file);
        Offsets.Solution greedy = GreedyBySize.solve(problem);
        Offsets.Solution best = BestOrder.solve(problem);
        prove(problem, greedy, file.toString());
        prove(problem, best, file.toString());
        assertThat(best.size()).isLessThanOrEqualTo(greedy.size());
        solved++;
      }
    }
    assertThat(solved).isEqualTo(7);
  }

  @Test
  void thousandsOfBuffersAreSolved() {
    Offsets.Problem problem = random(new SplittableRandom(1), 5_000);

    prove(problem, GreedyBySize.solve(problem), "5,000 buffers");
    prove(problem, BestOrder.solve(problem), "5,000 buffers");
  }

  /** The smallest arena, by trying every offset of every buffer, all of alignment 1. */
  private static long exhaustive(
      List<Buffer> buffers, long[] offsets, int index, long size, long best) {
    if (size >= best) {
      return best;
    }
    if (index == buffers.size()) {
      return size;
    }
    Buffer buffer = buffers.get(index);
    long sum = buffers.stream().mapToLong(Buffer::bytes).sum();
    long found = best;
    for (long offset = 0; offset + buffer.bytes() <= Math.min(sum, found); offset++) {
      offsets[index] = offset;
      if (fits(buffers, offsets, index)) {
        long end = Math.max(size, offset + buffer.bytes());
        found = exhaustive(buffers, offsets, index + 1, end, found);
      }
    }
    return found;
  }

  private static boolean fits(List<Buffer> buffers, long[] offsets, int index) {
    Buffer buffer = buffers.get(index);
    for (int i = 0; i < index; i++) {
      Buffer other = buffers.get(i);
      if (other.first() <= buffer.last()
          && buffer.first() <= other.last()
          && offsets[i] < offsets[index] + buffer.bytes()
          && offsets[index] < offsets[i] + other.bytes()) {
        return false;
      }
    }
    return true;
  }

  private static void prove(Offsets.Problem problem, Offsets.Solution solution, String name) {
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < problem.buffers().size(); i++) {
      Buffer buffer = problem.buffers().get(i);
      long offset = solution.offsets().get(i);
      assertThat(offset % buffer.alignment()).as(name).isZero();
      assertThat(offset + buffer.bytes()).as(name).isLessThanOrEqualTo(solution.size());
      placed.add(new Placed(buffer, offset));
    }
    assertThatCode(() -> PlanValidator.proveApart(placed)).as(name).doesNotThrowAnyException();
    assertThat(solution.size()).as(name).isGreaterThanOrEqualTo(problem.lowerBound());
  }

  private static Offsets.Problem random(SplittableRandom random, int count) {
    List<Buffer> buffers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = random.nextInt(count);
      int last = first + random.nextInt(6) * random.nextInt(6);
      int alignment = 1 << random.nextInt(3);
      buffers.add(buffer("b" + i, 1 + random.nextInt(1_000), alignment, first, last));
    }
    return new Offsets.Problem(buffers);
  }

  private static Offsets.Problem read(Path file) throws IOException {
    return new Offsets.Problem(
        Files.readAllLines(file).stream()
            .skip(1)
            .map(line -> line.split(",", -1))
            .map(row ->
                buffer(
                    row[0],
                    Long.parseLong(row[3]),
                    1,
                    Integer.parseInt(row[1]),
                    Integer.parseInt(row[2]) - 1))
            .toList());
  }

  private static Offsets.Problem problem(Buffer... buffers) {
    return new Offsets.Problem(List.of(buffers));
  }

  private static Buffer buffer(String name, long bytes, int alignment, int first, int last) {
    return new Buffer(name, Buffer.Kind.ACTIVATION, List.of(), bytes, alignment, first, last);
  }
}
