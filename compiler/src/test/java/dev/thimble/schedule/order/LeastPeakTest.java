package dev.thimble.schedule.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LeastPeakTest {
  @Test
  void smallProblemsHaveTheLeastPeakOfAllOrders() {
    for (int seed = 0; seed < 1_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      OrderProblem problem = Shapes.random(random, random.nextInt(9), 1 + random.nextInt(9));
      Order order = LeastPeak.solve(problem);
      assertThat(order.peak()).as("seed %d", seed).isEqualTo(BruteForce.leastPeak(problem));
      assertThat(order.bound()).as("seed %d", seed).isEqualTo(order.peak());
      assertThat(order.optimal()).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void smallProblemsOfEqualSizesHaveTheLeastPeakOfAllOrders() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      OrderProblem problem = Shapes.random(random, 8, 4);
      OrderProblem equal =
          new OrderProblem(
              problem.valueBytes().stream().map(bytes -> bytes % 2 + 1).toList(),
              problem.tasks(),
              problem.inputs(),
              problem.outputs());
      assertThat(LeastPeak.solve(equal).peak())
          .as("seed %d", seed)
          .isEqualTo(BruteForce.leastPeak(equal));
    }
  }

  @Test
  void thePeakIsThatOfTheOrderAndNeverAboveTheGivenOne() {
    for (int seed = 0; seed < 5; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      OrderProblem problem = Shapes.random(random, 200, 3 + random.nextInt(60));
      Order order = LeastPeak.solve(problem);
      assertThat(order.peak()).isEqualTo(problem.peak(order.tasks()));
      assertThat(order.peak()).as("seed %d", seed).isLessThanOrEqualTo(given(problem));
      assertThat(order.peak())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(
              problem.peak(IntStream.of(Greedy.order(new Flow(problem))).boxed().toList()));
      assertThat(order.bound()).as("seed %d", seed).isLessThanOrEqualTo(order.peak());
    }
  }

  @Test
  void equalProblemsHaveEqualOrders() {
    for (int seed = 0; seed < 2; seed++) {
      OrderProblem problem = Shapes.random(new SplittableRandom(seed), 90, 20);
      OrderProblem again = Shapes.random(new SplittableRandom(seed), 90, 20);
      assertThat(LeastPeak.solve(problem)).isEqualTo(LeastPeak.solve(again));
    }
  }

  @Test
  void theGivenOrderStaysWhereNoneIsBetter() {
    Tasks net = new Tasks();
    int input = net.input(10);
    int first = net.task(5, input);
    int second = net.task(5, input);
    OrderProblem problem = net.problem(net.task(1, first, second));
    assertThat(LeastPeak.solve(problem)).isEqualTo(new Order(List.of(0, 1, 2), 20, 20, true));
  }

  @Test
  void theBranchThatFreesItsMemoryRunsFirst() {
    Tasks net = new Tasks();
    int input = net.input(10);
    int left = net.task(20, input);
    int right = net.task(100, input);
    int small = net.task(1, right);
    OrderProblem problem = net.problem(net.task(5, left, small));
    assertThat(given(problem)).isEqualTo(130);
    assertThat(LeastPeak.solve(problem)).isEqualTo(new Order(List.of(1, 2, 0, 3), 111, 111, true));
  }

  @Test
  void theLastReaderIsTheOneThatMayOverwrite() {
    Tasks net = new Tasks();
    int input = net.input(10);
    int map = net.task(100, input);
    int clipped = net.inPlace(100, map);
    int mean = net.task(1, map);
    OrderProblem problem = net.problem(net.task(1, clipped, mean));
    assertThat(given(problem)).isEqualTo(201);
    assertThat(LeastPeak.solve(problem)).isEqualTo(new Order(List.of(0, 2, 1, 3), 110, 110, true));
  }

  @Test
  void aProblemWithoutTasksHoldsItsInputs() {
    Tasks net = new Tasks();
    net.input(7);
    int kept = net.input(5);
    assertThat(LeastPeak.solve(net.problem(kept))).isEqualTo(new Order(List.of(), 12, 12, true));
  }

  @Test
  void scratchCountsOnlyWhileItsTaskRuns() {
    Tasks net = new Tasks();
    int input = net.input(10);
    int wide = net.task(40, input);
    int narrow = net.task(4, 60, OptionalInt.empty(), input);
    OrderProblem problem = net.problem(net.task(1, wide, narrow));
    assertThat(LeastPeak.solve(problem)).isEqualTo(new Order(List.of(1, 0, 2), 74, 74, true));
  }

  @TestFactory
  Stream<DynamicTest> networksOfKnownShapesAreProvedOptimal() {
    SplittableRandom random = new SplittableRandom(5);
    return Stream.of(
            Stream.of(proved("a chain", Shapes.chain(random, 300))),
            Stream.of(proved("a residual network", Shapes.residual(random, 300))),
            Stream.of(proved("U-Net", Shapes.unet(6))),
            Stream.of(proved("dense blocks", Shapes.dense(random, 300, 12))),
            Stream.of(proved("inception blocks", Shapes.inception(random, 300))),
            Stream.of(proved("20 chains side by side", Shapes.parallelChains(random, 20, 10))),
            IntStream.range(0, 6)
                .mapToObj(i -> proved("searched cells " + i, Shapes.searchedCells(random, 8))),
            IntStream.range(0, 6)
                .mapToObj(i -> proved("irregular " + i, Shapes.irregularCells(random, 3, 33))))
        .flatMap(tests -> tests);
  }

  private static DynamicTest proved(String name, OrderProblem problem) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          Order order = LeastPeak.solve(problem);
          assertThat(order.optimal()).as(order.toString()).isTrue();
          assertThat(order.peak()).isLessThanOrEqualTo(given(problem));
        });
  }

  @Test
  void tenThousandTasksAreOrdered() {
    SplittableRandom random = new SplittableRandom(9);
    for (OrderProblem problem :
        List.of(
            Shapes.inception(random, 10_000),
            Shapes.searchedCells(random, 400),
            Shapes.random(random, 10_000, 10_000))) {
      assertThat(LeastPeak.solve(problem).peak()).isLessThanOrEqualTo(given(problem));
    }
  }

  private static long given(OrderProblem problem) {
    return problem.peak(IntStream.range(0, problem.tasks().size()).boxed().toList());
  }
}
