package dev.thimble.schedule;

import dev.thimble.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses which parts of the chains to stream: first the smallest peak that any choice reaches,
 * then among the choices that keep to it one that streams the fewest nodes. Both are dynamic
 * programmes over the cuts of a chain into segments, where a segment of one step runs whole. The
 * peak is the sum of bytes in use, as if offsets wasted nothing.
 */
final class StreamChoice {
  private final Schedule schedule;
  private final LiveRanges ranges;
  private final List<List<Integer>> chains;

  /** The buffers of the schedule when nothing is streamed. */
  private final Offsets.Problem problem;

  /** For each step, the bytes in use while it runs whole, scratch and sharing included. */
  private final long[] whole;

  /** For each step, the bytes of all values in use, without sharing and scratch. */
  private final long[] live;

  private StreamChoice(Schedule schedule) {
    this.schedule = schedule;
    this.ranges = LiveRanges.of(schedule);
    this.chains = Streams.chains(schedule);
    this.problem = new Offsets.Problem(Buffers.leanest(schedule));
    int steps = schedule.steps().size();
    this.whole = new long[steps];
    this.live = new long[steps];
    for (int step = 0; step < steps; step++) {
      whole[step] = problem.bytesAt(step);
      for (Value value : ranges.values()) {
        live[step] += ranges.of(value).contains(step) ? value.type().bytes() : 0;
      }
    }
  }

  /**
   * The runs of steps to stream, each of at least two steps; none where streaming does not lower
   * the peak of this schedule, whose steps all run whole.
   */
  static List<List<Integer>> choose(Schedule schedule) {
    StreamChoice choice = new StreamChoice(schedule);
    int steps = schedule.steps().size();
    List<List<Integer>> best = List.of();
    long bestPeak = choice.problem.lowerBound();
    // Whether the maps that wait while a step of another branch runs will still be whole is only
    // known after the choice, so both are assumed in turn and the outcome is compared.
    for (long[] waiting : List.of(new long[steps], choice.waiting())) {
      List<List<Integer>> runs = choice.runs(waiting);
      Schedule streamed = Streams.streamed(schedule, runs);
      long peak = new Offsets.Problem(Buffers.leanest(streamed)).lowerBound();
      if (peak < bestPeak) {
        best = runs;
        bestPeak = peak;
      }
    }
    return best;
  }

  /** For each step, the bytes of those maps that wait in a chain while the step runs outside it. */
  private long[] waiting() {
    long[] waiting = new long[whole.length];
    for (List<Integer> chain : chains) {
      for (int i = 1; i < chain.size(); i++) {
        Value map = schedule.steps().get(chain.get(i - 1)).outputs().getFirst();
        for (int step = chain.get(i - 1) + 1; step < chain.get(i); step++) {
          waiting[step] += map.type().bytes();
        }
      }
    }
    return waiting;
  }

  private List<List<Integer>> runs(long[] waiting) {
    List<long[][]> costs = chains.stream().map(chain -> costs(chain, waiting)).toList();
    Set<Integer> chained = new HashSet<>();
    chains.forEach(chained::addAll);
    long peak = Math.max(problem.bytesAt(-1), problem.bytesAt(whole.length));
    for (int step = 0; step < whole.length; step++) {
      peak = chained.contains(step) ? peak : Math.max(peak, whole[step] - waiting[step]);
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
  private long[][] costs(List<Integer> chain, long[] waiting) {
    long[][] costs = new long[chain.size()][];
    for (int j = 0; j < costs.length; j++) {
      costs[j] = new long[j + 1];
      int position = chain.get(j);
      costs[j][j] = whole[position] - waiting[position];
      Set<Value> extended = new HashSet<>();
      long bytes = live[position] - waiting[position];
      long scratch = schedule.steps().get(position).scratchBytes();
      for (int i = j - 1; i >= 0; i--) {
        Step step = schedule.steps().get(chain.get(i));
        Step reader = schedule.steps().get(chain.get(i + 1));
        Value between = step.outputs().getFirst();
        bytes += extend(reader, position, extended);
        // The map between the two is no longer whole in memory; its ring is.
        bytes += Streams.ringBytes(step, reader) - between.type().bytes();
        extended.remove(between);
        scratch = Math.max(scratch, step.scratchBytes());
        Set<Value> inputs = new HashSet<>(extended);
        costs[j][i] = bytes + extend(step, position, inputs) + scratch;
      }
    }
    return costs;
  }

  /**
   * The bytes of what the step reads that would be dead at the segment's last step, but now lives
   * until then; adds it to the values that are already counted.
   */
  private long extend(Step step, int position, Set<Value> counted) {
    long bytes = 0;
    for (Value read : LiveRanges.reads(schedule.graph(), step)) {
      if (!ranges.of(read).contains(position) && counted.add(read)) {
        bytes += read.type().bytes();
      }
    }
    return bytes;
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
