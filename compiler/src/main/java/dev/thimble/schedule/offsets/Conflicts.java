package dev.thimble.schedule.offsets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the solvers know of a problem: which blocks restrict each other, and how. For block {@code
 * a}, its neighbours are {@code to[from[a]] .. to[from[a + 1] - 1]}. For a neighbour {@code b} at
 * edge {@code e}, the differences {@code offset(b) - offset(a)} that lie strictly within one of the
 * intervals {@code forbidden[e]} (pairs of low and high, ascending, disjoint) are not allowed.
 */
final class Conflicts {
  /** Pairs that meet; a pair takes about 150 bytes. */
  private static final int MOST_PAIRS = 8_000_000;

  final int count;
  final long[] bytes;
  final int[] alignment;
  final int[] first;
  final int[] last;
  final int[] from;
  final int[] to;
  final long[][] forbidden;
  final boolean[] plain;
  final long lowerBound;

  private Conflicts(Problem problem, List<Profile> profiles, List<List<Edge>> edges) {
    List<Block> blocks = problem.blocks();
    count = blocks.size();
    bytes = blocks.stream().mapToLong(Block::bytes).toArray();
    alignment = blocks.stream().mapToInt(Block::alignment).toArray();
    first = blocks.stream().mapToInt(Block::first).toArray();
    last = blocks.stream().mapToInt(Block::last).toArray();
    plain = new boolean[count];
    for (int i = 0; i < count; i++) {
      plain[i] = blocks.get(i).isPlain();
    }
    from = new int[count + 1];
    for (int i = 0; i < count; i++) {
      from[i + 1] = from[i] + edges.get(i).size();
    }
    to = new int[from[count]];
    forbidden = new long[from[count]][];
    for (int i = 0; i < count; i++) {
      int at = from[i];
      for (Edge edge : edges.get(i)) {
        to[at] = edge.to;
        forbidden[at++] = edge.forbidden;
      }
    }
    lowerBound = Math.max(Arrays.stream(bytes).max().orElse(0), Profile.peak(profiles));
  }

  private record Edge(int to, long[] forbidden) {}

  private record Pair(int lower, int higher) {}

  static Conflicts of(Problem problem) {
    List<Profile> profiles = problem.blocks().stream().map(Profile::of).toList();
    List<List<Edge>> edges = new ArrayList<>();
    for (int i = 0; i < profiles.size(); i++) {
      edges.add(new ArrayList<>());
    }
    Map<Pair, List<Clearance>> clearances = new HashMap<>();
    for (Clearance clearance : problem.clearances()) {
      clearances.computeIfAbsent(pair(clearance), p -> new ArrayList<>()).add(clearance);
    }
    Intervals intervals = new Intervals();
    for (Pair pair : meeting(profiles)) {
      List<Clearance> rules = clearances.remove(pair);
      link(pair, profiles, rules == null ? List.of() : rules, intervals, edges);
    }
    // Those of pairs that never meet; in the problem's order, so that equal problems stay equal.
    for (Clearance clearance : problem.clearances()) {
      Pair pair = pair(clearance);
      List<Clearance> rules = clearances.remove(pair);
      if (rules != null) {
        link(pair, profiles, rules, intervals, edges);
      }
    }
    return new Conflicts(problem, profiles, edges);
  }

  private static Pair pair(Clearance clearance) {
    return new Pair(
        Math.min(clearance.first(), clearance.second()),
        Math.max(clearance.first(), clearance.second()));
  }

  /** The pairs whose ticks overlap, by a sweep over time. */
  private static List<Pair> meeting(List<Profile> profiles) {
    List<Integer> byFirst =
        IntStream.range(0, profiles.size())
            .boxed()
            .sorted(Comparator.comparingLong(i -> profiles.get(i).first()))
            .toList();
    List<Pair> pairs = new ArrayList<>();
    List<Integer> live = new ArrayList<>();
    for (int next : byFirst) {
      long now = profiles.get(next).first();
      live.removeIf(other -> profiles.get(other).end() <= now);
      if (pairs.size() + live.size() > MOST_PAIRS) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "more than %d pairs of blocks are in use at the same time",
                MOST_PAIRS));
      }
      for (int other : live) {
        pairs.add(new Pair(Math.min(other, next), Math.max(other, next)));
      }
      live.add(next);
    }
    return pairs;
  }

  private static void link(
      Pair pair,
      List<Profile> profiles,
      List<Clearance> rules,
      Intervals intervals,
      List<List<Edge>> edges) {
    intervals.clear();
    Profile.overlaps(profiles.get(pair.lower), profiles.get(pair.higher), intervals);
    for (Clearance rule : rules) {
      if (rule.first() == pair.lower) {
        intervals.add(rule.low(), rule.high());
      } else {
        intervals.add(-rule.high(), -rule.low());
      }
    }
    long[] up = intervals.merged();
    if (up.length == 0) {
      return;
    }
    long[] down = new long[up.length];
    for (int i = 0; i < up.length; i++) {
      down[i] = -up[up.length - 1 - i];
    }
    edges.get(pair.lower).add(new Edge(pair.higher, up));
    edges.get(pair.higher).add(new Edge(pair.lower, down));
  }

  /** The smallest multiple of a block's alignment that is not below the offset, nor below 0. */
  long aligned(int block, long offset) {
    long unit = alignment[block];
    return offset <= 0 ? 0 : (offset + unit - 1) / unit * unit;
  }

  /**
   * Solutions need to be looked for only among those whose offsets are multiples of this many
   * bytes: the greatest common divisor of all sizes, alignments above 1, and differences. (Lower
   * all blocks as far as they go; each then lies at a sum of such numbers, or of one rounded up to
   * an alignment.)
   */
  long unit() {
    long unit = 0;
    for (int i = 0; i < count; i++) {
      unit = divisor(unit, bytes[i]);
      unit = divisor(unit, alignment[i] == 1 ? 0 : alignment[i]);
    }
    for (long[] intervals : forbidden) {
      for (long bound : intervals) {
        unit = divisor(unit, Math.abs(bound));
      }
    }
    return Math.max(1, unit);
  }

  private static long divisor(long a, long b) {
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  /** Whether an edge says no more than that two plain buffers must not overlap. */
  boolean isPlainPair(int a, int b, int edge) {
    long[] intervals = forbidden[edge];
    return plain[a]
        && plain[b]
        && first[a] <= last[b]
        && first[b] <= last[a]
        && intervals.length == 2
        && intervals[0] == -bytes[b]
        && intervals[1] == bytes[a];
  }

  /** Whether all blocks are plain buffers, and no rule beside theirs holds for any pair. */
  boolean isPlain() {
    for (int a = 0; a < count; a++) {
      if (!plain[a]) {
        return false;
      }
      for (int edge = from[a]; edge < from[a + 1]; edge++) {
        if (!isPlainPair(a, to[edge], edge)) {
          return false;
        }
      }
    }
    return true;
  }

  long size(long[] offsets) {
    long size = 0;
    for (int i = 0; i < count; i++) {
      size = Math.max(size, offsets[i] + bytes[i]);
    }
    return size;
  }
}
