package dev.thimble.schedule.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The search alone: no other order helps it out, nothing is cut away before it. */
class CommitSearchTest {
  private static final long MUCH = 10_000_000;

  @Test
  void itsLevelIsTheLeastPeakOfAllOrders() {
    for (int seed = 0; seed < 600; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      OrderProblem problem = Shapes.random(random, 1 + random.nextInt(11), 1 + random.nextInt(7));
      assertThat(searched(problem, true))
          .as("seed %d", seed)
          .isEqualTo(BruteForce.leastOfTasks(problem));
      assertThat(searched(problem, false))
          .as("seed %d", seed)
          .isEqualTo(BruteForce.leastOfTasks(problem));
    }
  }

  @Test
  void unitsLoseNothing() {
    int joined = 0;
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      OrderProblem problem = Shapes.random(random, 30, 4);
      joined += problem.tasks().size() - Units.of(segment(problem)).size();
      assertThat(searched(problem, true)).as("seed %d", seed).isEqualTo(searched(problem, false));
    }
    assertThat(joined).isGreaterThan(2_000);
  }

  @Test
  void theBoundOfASegmentIsNeverTooHigh() {
    for (int seed = 0; seed < 300; seed++) {
      OrderProblem problem = Shapes.random(new SplittableRandom(seed), 25, 5);
      assertThat(segment(problem).bound())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(searched(problem, true));
    }
  }

  private static Segment segment(OrderProblem problem) {
    Flow flow = new Flow(problem);
    return new Segment(flow, 0, flow.tasks, new Progress(flow).live());
  }

  /** The level at which the search's two ends meet, which is the peak of the order it found. */
  private static long searched(OrderProblem problem, boolean joined) {
    Segment segment = segment(problem);
    List<Unit> units =
        joined
            ? Units.of(segment)
            : IntStream.range(0, segment.size).mapToObj(t -> Unit.of(segment, t)).toList();
    Moves moves = new Moves(segment, units);
    CommitSearch search = new CommitSearch(segment, moves, 0, new WorkLimit(MUCH));
    assertThat(search.run(Long.MAX_VALUE)).isTrue();
    List<Integer> order = new ArrayList<>(search.head());
    order.addAll(search.tail());
    int[] tasks =
        order.stream().flatMapToInt(unit -> IntStream.of(units.get(unit).tasks())).toArray();
    long rise = segment.run(Bits.empty(segment.size), tasks).rise();
    assertThat(segment.live + rise).isEqualTo(search.level());
    return search.level();
  }
}
