package dev.thimble.schedule.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.schedule.offsets.Solution.Proof;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OffsetsTest {
  private static final Map<String, Function<Problem, Solution>> SOLVERS = new LinkedHashMap<>();

  static {
    SOLVERS.put("greedy", Greedy::solve);
    SOLVERS.put("local", LocalSearch::solve);
    SOLVERS.put("own", OwnSearch::solve);
    SOLVERS.put("cp-sat", ExactSearch::solve);
    SOLVERS.put("fast", p -> Offsets.solve(p, Effort.FAST));
    SOLVERS.put("exact", p -> Offsets.solve(p, Effort.EXACT));
  }

  @Test
  void theLargestBlockLiesAtZeroAndOthersInTheLowestGap() {
    Problem problem =
        new Problem(
            List.of(
                Block.plain("a", 1, 4, 0, 1),
                Block.plain("b", 1, 10, 1, 2),
                Block.plain("c", 1, 3, 2, 3),
                Block.plain("d", 1, 7, 3, 4),
                Block.plain("e", 1, 2, 0, 4)));

    Solution solution = Greedy.solve(problem);

    assertThat(solution)
        .isEqualTo(new Solution(List.of(10L, 0L, 10L, 0L, 14L), 16, 16, Proof.OPTIMAL, "greedy"));
  }

  @Test
  void rowsThatAreBornWhileOthersDieShareMemory() {
    // The input's rows die from tick 1 on, the output's are born one tick after: a lag of one row.
    Problem problem = new Problem(List.of(rows("in", 1, 0, 10), rows("out", 20, 2, 10)));

    for (Effort effort : Effort.values()) {
      Solution solution = Offsets.solve(problem, effort);
      assertThat(OffsetsValidator.errors(problem, solution)).isEmpty();
      assertThat(solution.size()).isEqualTo(100 + 10);
    }
  }

  /** Ten bytes a row; row i is in use until tick i + 1, or from tick i + 2. */
  private static Block rows(String name, int last, int first, int count) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int born = first == 0 ? 0 : i + first;
      parts.add(new Part(10L * i, 10, born, Math.max(born, first == 0 ? i + last + 1 : last)));
    }
    return new Block(name, 1, parts);
  }

  @Test
  void aClearanceKeepsBlocksApartThatNeverMeet() {
    Problem problem =
        new Problem(
            List.of(Block.plain("a", 1, 8, 0, 0), Block.plain("b", 1, 8, 1, 1)),
            List.of(new Clearance(0, 1, -3, 5)));

    for (Map.Entry<String, Function<Problem, Solution>> solver : SOLVERS.entrySet()) {
      Solution solution = solver.getValue().apply(problem);
      assertThat(OffsetsValidator.errors(problem, solution)).as(solver.getKey()).isEmpty();
    }
    assertThat(OwnSearch.solve(problem).size()).isEqualTo(11);
  }

  @Test
  void noBlocksNeedNoArena() {
    for (Function<Problem, Solution> solver : SOLVERS.values()) {
      assertThat(solver.apply(new Problem(List.of())).size()).isZero();
    }
  }

  @Test
  void everySolverSolvesRandomPlainProblems() {
    for (int seed = 0; seed < 30; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      everySolver(RandomProblems.plain(random, 1 + random.nextInt(18), 60, 12), seed);
    }
  }

  @Test
  void everySolverSolvesRandomProblemsOfPartsAndClearances() {
    for (int seed = 0; seed < 30; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      everySolver(RandomProblems.any(random, 1 + random.nextInt(9), 40, 12), seed);
    }
  }

  private static void everySolver(Problem problem, int seed) {
    Solution greedy = Greedy.solve(problem);
    SOLVERS.forEach((name, solver) -> {
      Solution solution = solver.apply(problem);
      assertThat(OffsetsValidator.errors(problem, solution))
          .as("%s, seed %d", name, seed)
          .isEmpty();
      assertThat(solution.size()).as("%s, seed %d", name, seed).isLessThanOrEqualTo(greedy.size());
      assertThat(solution.bound()).isGreaterThanOrEqualTo(problem.lowerBound());
      assertThat(solver.apply(problem)).as("%s again, seed %d", name, seed).isEqualTo(solution);
    });
  }

  @Test
  void smallPlainProblemsAreSolvedExactly() {
    smallestOfAll(random -> RandomProblems.plain(random, 1 + random.nextInt(6), 6, 5), 1_500);
  }

  @Test
  void smallProblemsOfPartsAndClearancesAreSolvedExactly() {
    smallestOfAll(random -> RandomProblems.any(random, 1 + random.nextInt(4), 5, 5), 1_500);
  }

  private static void smallestOfAll(Function<SplittableRandom, Problem> problems, int seeds) {
    for (int seed = 0; seed < seeds; seed++) {
      Problem problem = problems.apply(new SplittableRandom(seed));
      Solution greedy = Greedy.solve(problem);
      long smallest = RandomProblems.smallestSize(problem, greedy.size());
      for (String name : List.of("own", "cp-sat", "exact")) {
        Solution solution = SOLVERS.get(name).apply(problem);
        assertThat(solution.size()).as("%s, seed %d: %s", name, seed, problem).isEqualTo(smallest);
        assertThat(solution.proof()).as("%s, seed %d", name, seed).isEqualTo(Proof.OPTIMAL);
      }
    }
  }

  @Test
  void ownSearchAndConstraintSolverAgreeOnMiddlingProblems() {
    for (int seed = 0; seed < 40; seed++) {
      SplittableRandom random = new SplittableRandom(1_000 + seed);
      Problem problem = RandomProblems.plain(random, 15, 100, 10);
      Solution own = OwnSearch.solve(problem);
      assertThat(ExactSearch.solve(problem).size()).as("seed %d", seed).isEqualTo(own.size());
      assertThat(own.proof()).as("seed %d", seed).isEqualTo(Proof.OPTIMAL);
    }
  }

  @Test
  void twentyThousandBlocksAreCheapWhereFewMeet() {
    SplittableRandom random = new SplittableRandom(5);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      int last = 10 * i + random.nextInt(200);
      blocks.add(Block.plain("b" + i, 4, 1 + random.nextInt(4_096), 10 * i, last));
    }
    Problem problem = new Problem(blocks);

    Solution solution = Offsets.solve(problem, Effort.FAST);

    assertThat(OffsetsValidator.errors(problem, solution)).isEmpty();
  }

  @Test
  void blocksOfThousandsOfPartsAreCheap() {
    List<Block> blocks = new ArrayList<>();
    for (int b = 0; b < 4; b++) {
      List<Part> parts = new ArrayList<>();
      for (int row = 0; row < 3_000; row++) {
        parts.add(new Part(16L * row, 16, 3_000 * b + row, 3_000 * b + row + 3_001));
      }
      blocks.add(new Block("rows" + b, 16, parts));
    }
    Problem problem = new Problem(blocks);

    Solution solution = Offsets.solve(problem, Effort.EXACT);

    // Two rows are in use when the next tensor's row is born: each lies two rows below the last.
    assertThat(OffsetsValidator.errors(problem, solution)).isEmpty();
    assertThat(solution.size()).isEqualTo(16L * (3_000 + 3 * 2));
    assertThat(solution.proof()).isEqualTo(Proof.OPTIMAL);
  }

  @Test
  void theValidatorNamesWhatIsWrong() {
    Problem problem =
        new Problem(
            List.of(Block.plain("a", 4, 8, 0, 1), Block.plain("b", 1, 8, 1, 1)),
            List.of(new Clearance(0, 1, 0, 20)));
    Solution overlapping = new Solution(List.of(2L, 9L), 18, 18, Proof.OPTIMAL, "nobody");

    assertThat(OffsetsValidator.errors(problem, overlapping))
        .containsExactly(
            "block 'a' lies at 2, expected a multiple of 4 that is not below 0",
            "the size is 17, stated as 18",
            "block 'b' lies 7 bytes from block 'a', strictly between 0 and 20",
            "blocks 'a' and 'b' overlap at tick 1: bytes 2 to 10 and 9 to 17");
    assertThatThrownBy(() -> OffsetsValidator.check(problem, overlapping))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nobody");
  }

  @Test
  void sizesThatCouldOverflowAreRefused() {
    assertThatThrownBy(() -> Block.plain("a", 1, Long.MAX_VALUE, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new Problem(
                List.of(
                    Block.plain("a", 1, Problem.MOST_BYTES, 0, 0), Block.plain("b", 1, 1, 0, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a'");
  }

  @Test
  void ticksMayReachTheEndsOfTheirRange() {
    Problem problem =
        new Problem(
            List.of(
                Block.plain("a", 1, 8, Integer.MIN_VALUE, Integer.MAX_VALUE),
                Block.plain("b", 1, 8, Integer.MAX_VALUE, Integer.MAX_VALUE)));

    assertThat(Offsets.solve(problem, Effort.EXACT).size()).isEqualTo(16);
  }
}
