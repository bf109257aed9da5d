package dev.thimble.schedule.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.schedule.offsets.CanonicalSearch.Outcome;
import dev.thimble.schedule.offsets.Solution.Proof;
import dev.thimble.testing.Shared;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OwnSearchTest {
  private static final int CAPACITY = 64;

  @Test
  void whatFitsWithoutAGapIsNeverRefuted() {
    int found = 0;
    for (int seed = 0; seed < 400; seed++) {
      Problem problem = cut(seed, 3 + seed % 60);
      RestartSearch search = new RestartSearch(Conflicts.of(problem));
      Outcome outcome = search.decide(CAPACITY, 20_000);
      assertThat(outcome).as("seed %d", seed).isNotEqualTo(Outcome.DOES_NOT_FIT);
      if (outcome == Outcome.FITS) {
        found++;
        Solution solution =
            Solution.of(problem, search.offsets(), problem.lowerBound(), OwnSearch.NAME);
        assertThat(OffsetsValidator.errors(problem, solution)).isEmpty();
        assertThat(solution.size()).isLessThanOrEqualTo(CAPACITY);
      }
    }
    assertThat(found).isGreaterThan(380);
  }

  @Test
  void blocksOfPartsThatFitWithoutAGapAreNeverRefuted() {
    for (int seed = 0; seed < 200; seed++) {
      Problem problem = cut(seed, 3 + seed % 12);
      DisjunctiveSearch search = new DisjunctiveSearch(Conflicts.of(problem));
      assertThat(search.decide(CAPACITY, 20_000))
          .as("seed %d", seed)
          .isNotEqualTo(Outcome.DOES_NOT_FIT);
    }
  }

  /** A rectangle of bytes and ticks, cut into blocks at random, and shuffled. */
  private static Problem cut(int seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<int[]> pieces = new ArrayList<>();
    pieces.add(new int[] {0, CAPACITY, 0, 40});
    for (int tries = 0; pieces.size() < count && tries < 1_000; tries++) {
      int[] piece = pieces.get(random.nextInt(pieces.size()));
      int side = random.nextInt(2) * 2;
      int length = piece[side + 1] - piece[side];
      if (length > 1) {
        int[] upper = piece.clone();
        upper[side] = piece[side] + 1 + random.nextInt(length - 1);
        piece[side + 1] = upper[side];
        pieces.add(upper);
      }
    }
    Collections.shuffle(pieces, new Random(seed));
    List<Block> blocks = new ArrayList<>();
    for (int[] p : pieces) {
      blocks.add(Block.plain("b" + blocks.size(), 1, p[1] - p[0], p[2], p[3] - 1));
    }
    return new Problem(blocks);
  }

  @Test
  void minimallocsInstancesMeetTheirLowerBounds() throws IOException {
    Path folder = Shared.require("cases/07_allocator/minimalloc");
    int instances = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.csv")) {
      for (Path file : files) {
        Problem problem = read(file);
        Solution solution = Offsets.solve(problem, Effort.EXACT);
        long capacity = Long.parseLong(file.getFileName().toString().split("\\.")[1]);
        assertThat(OffsetsValidator.errors(problem, solution)).as("%s", file).isEmpty();
        assertThat(solution.size()).as("%s", file).isLessThanOrEqualTo(capacity);
        assertThat(solution.proof()).as("%s", file).isEqualTo(Proof.OPTIMAL);
        instances++;
      }
    }
    assertThat(instances).isPositive();
  }

  private static Problem read(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.split(",");
      if (!fields[0].equals("id")) {
        int upper = Integer.parseInt(fields[2]);
        long bytes = Long.parseLong(fields[3]);
        blocks.add(Block.plain(fields[0], 1, bytes, Integer.parseInt(fields[1]), upper - 1));
      }
    }
    return new Problem(blocks);
  }
}
