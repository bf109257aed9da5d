package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses which parts of the chains to stream: first the smallest peak that any choice reaches, then
 * among the choices that keep to it one that streams the fewest nodes. Both are dynamic programmes
 * over the cuts of a chain into segments, where a segment of one step runs whole. The peak is the
 * sum of bytes in use, as if offsets wasted nothing.
 */
final class StreamChoice {
  private final Schedule schedule;
  private final LiveRanges ranges;

  /** For each step, the bytes in use while it runs whole, scratch and sharing included. */
  private final long[] whole;

  /** For each step, the bytes of all values in use, without sharing and scratch. */
  private final long[] live;

  private StreamChoice(Schedule schedule, List<Buffer> buffers) {
    this.schedule = schedule;
    this.ranges = LiveRanges.of(schedule);
    int steps = schedule.steps().size();
    this.whole = new long[steps];
    this.live = new long[steps];
    for (int step = 0; step < steps; step++) {
      whole[step] = new Offsets.Problem(buffers).bytesAt(step);
      for (Value value : ranges.values()) {
        live[step] += ranges.of(value).contains(step) ? value.type().bytes() : 0;
      }
    }
  }

  /**
   * The runs of steps to stream, each of at least two steps.
   *
   * @param schedule steps that run whole
   * @param buffers what the schedule needs when nothing is streamed
   */
  static List<List<Integer>> choose(Schedule schedule, List<Buffer> buffers) {
    return new StreamChoice(schedule, buffers).runs(new Offsets.Problem(buffers));
  }

  private List<List<Integer>> runs(Offsets.Problem problem) {
    List<List<Integer>> chains = Streams.chains(schedule);
    List<long[][]> costs = chains.stream().map(this::costs).toList();
    Set<Integer> chained = new HashSet<>();
    chains.forEach(chained::addAll);
    long peak = Math.max(problem.bytesAt(-1), problem.bytesAt(whole.length));
    for (int step = 0; step < whole.length; step++) {
      peak = chained.contains(step) ? peak : Math.max(peak, whole[step]);
    }
    for (long[][] cost : costs) {
      peak = Math.max(peak, smallestPeak(cost));
    }
    List<List<Integer>> runs = new ArrayList<>();
    for (int c = 0; c < chains.size(); c++) {
      runs.addAll(fewestNodes(chains.get(c), costs.get(c), peak));
    }
    return runs;
  }

  /** The bytes in use while the chain's steps i to j, both inclusive, run as one: [j][i]. */
  private long[][] costs(List<Integer> chain) {
    long[][] costs = new long[chain.size()][];
    for (int j = 0; j < costs.length; j++) {
      costs[j] = new long[j + 1];
      costs[j][j] = whole[chain.get(j)];
      int position = chain.get(j);
      Set<Value> extended = new HashSet<>();
      long bytes = live[position];
      long scratch = 0;
      for (int i = j; i >= 0; i--) {
        Step step = schedule.steps().get(chain.get(i));
        scratch = Math.max(scratch, step.scratchBytes());
        if (i < j) {
          // The map between the two is no longer whole in memory; its ring is.
          Step reader = schedule.steps().get(chain.get(i + 1));
          Value between = step.outputs().getFirst();
          bytes += Streams.ringBytes(step, reader);
          bytes -= i == j - 1 || extended.contains(between) ? between.type().bytes() : 0;
        }
        for (Value read : LiveRanges.reads(schedule.graph(), step)) {
          // What the segment reads lives until its last step, which may be later than otherwise.
          if (!ranges.of(read).contains(position) && extended.add(read)) {
            bytes += read.type().bytes();
          }
        }
        costs[j][i] = i == j ? costs[j][j] : bytes + scratch;
      }
    }
    return costs;
  }

  private static long smallestPeak(long[][] cost) {
    long[] peak = new long[cost.length + 1];
    for (int j = 0; j < cost.length; j++) {
      peak[j + 1] = Long.MAX_VALUE;
      for (int i = j; i >= 0; i--) {
        peak[j + 1] = Math.min(peak[j + 1], Math.max(peak[i], cost[j][i]));
      }
    }
    return peak[cost.length];
  }

  private List<List<Integer>> fewestNodes(List<Integer> chain, long[][] cost, long peak) {
    int[] streamed = new int[chain.size() + 1];
    int[] start = new int[chain.size() + 1];
    for (int j = 0; j < chain.size(); j++) {
      streamed[j + 1] = Integer.MAX_VALUE;
      for (int i = j; i >= 0; i--) {
        if (cost[j][i] > peak || streamed[i] == Integer.MAX_VALUE) {
          continue;
        }
        int nodes = i == j ? 0 : Streams.nodes(schedule, chain.subList(i, j + 1));
        if (streamed[i] + nodes < streamed[j + 1]) {
          streamed[j + 1] = streamed[i] + nodes;
          start[j + 1] = i;
        }
      }
    }
    List<List<Integer>> runs = new ArrayList<>();
    for (int end = chain.size(); end > 0; end = start[end]) {
      if (end - start[end] > 1) {
        runs.add(List.copyOf(chain.subList(start[end], end)));
      }
    }
    return runs.reversed();
  }
}
