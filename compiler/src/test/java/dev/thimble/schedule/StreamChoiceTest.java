package dev.thimble.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamChoiceTest {
  /** Every way to cut a chain, against the dynamic programme. */
  @Test
  void noOtherCutOfAChainHasALowerPeakOrStreamsFewerNodesForIt() {
    int streamed = 0;
    for (int seed = 0; seed < 300; seed++) {
      Schedule schedule = chain(new SplittableRandom(seed), seed % 3 * 50);
      List<List<Integer>> chosen = StreamChoice.choose(schedule);
      long bestPeak = Long.MAX_VALUE;
      int bestNodes = Integer.MAX_VALUE;
      for (List<List<Integer>> cut : cuts(schedule.steps().size())) {
        long peak = peak(schedule, cut);
        int nodes = nodes(cut);
        if (peak < bestPeak || (peak == bestPeak && nodes < bestNodes)) {
          bestPeak = peak;
          bestNodes = nodes;
        }
      }
      assertThat(peak(schedule, chosen)).as("peak, seed " + seed).isEqualTo(bestPeak);
      assertThat(nodes(chosen)).as("nodes, seed " + seed).isEqualTo(bestNodes);
      streamed += chosen.isEmpty() ? 0 : 1;
    }
    assertThat(streamed).isBetween(100, 290);
  }

  private static Schedule chain(SplittableRandom random, int scratch) {
    Network net = new Network(DType.INT8);
    int side = 6 + random.nextInt(10);
    Value map = net.input(1, side, side, 1 + random.nextInt(4));
    int length = 2 + random.nextInt(6);
    for (int i = 0; i < length; i++) {
      map =
          net.convSame(
              map, 1 + random.nextInt(4), 1 + random.nextInt(12), 1 + random.nextInt(4) / 3);
    }
    Graph graph = net.graph(map);
    return Scheduler.whole(graph, new FormsOnly(scratch), Rounding.DOUBLE);
  }

  /** Every set of runs of at least two neighbours of so many steps. */
  private static List<List<List<Integer>>> cuts(int steps) {
    List<List<List<Integer>>> cuts = new ArrayList<>();
    for (int joints = 0; joints < 1 << (steps - 1); joints++) {
      List<List<Integer>> runs = new ArrayList<>();
      List<Integer> run = new ArrayList<>(List.of(0));
      for (int step = 1; step < steps; step++) {
        if ((joints >> (step - 1) & 1) == 0) {
          runs.add(run);
          run = new ArrayList<>();
        }
        run.add(step);
      }
      runs.add(run);
      cuts.add(runs.stream().filter(r -> r.size() > 1).toList());
    }
    return cuts;
  }

  private static long peak(Schedule schedule, List<List<Integer>> runs) {
    List<Buffer> buffers = Buffers.leanest(Streams.streamed(schedule, runs));
    return new Offsets.Problem(buffers).lowerBound();
  }

  private static int nodes(List<List<Integer>> runs) {
    return runs.stream().mapToInt(List::size).sum();
  }
}
